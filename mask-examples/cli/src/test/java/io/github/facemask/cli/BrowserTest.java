package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.browser.BrowserPage;
import io.github.facemask.browser.Chromium;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropDecision.Rule;
import io.github.facemask.facecrop.CropReview;
import io.github.facemask.facecrop.CropReview.Action;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.TestFiles;
import io.github.facemask.lab.cropaudit.AuditPage;
import io.github.facemask.lab.cropaudit.CropAudit;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.Section;
import io.github.facemask.label.FaceClass;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages for people in a real browser, where Chromium is installed. */
class BrowserTest {

  private static final int PHONE = 500;

  private static Chromium browser;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    browser = Chromium.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void aPageIsDrawnOnAPhone() throws IOException, InterruptedException {
    Path file = folder.resolve("page.html");
    ImmutableDoubleArray epochs = ImmutableDoubleArray.of(1, 2, 3);
    HtmlReport.builder("A page")
        .add(
            new Section.Charts(
                "Curves",
                List.of(
                    new Section.Chart(
                        "Loss", "epoch", List.of(new Section.Line("loss", epochs, epochs))))))
        .build()
        .write(file);
    BrowserPage page = browser.open(file.toUri());
    page.resize(PHONE, 700);
    Path picture = folder.resolve("page.png");
    page.screenshot(picture);

    BufferedImage drawn = ImageIO.read(picture.toFile());
    Set<Integer> colors = new HashSet<>();
    for (int y = 0; y < drawn.getHeight(); y++) {
      for (int x = 0; x < drawn.getWidth(); x++) {
        colors.add(drawn.getRGB(x, y) & 0xffffff);
      }
    }
    // The card, the text and the first line of a chart, in the colours of the template.
    assertThat(drawn.getWidth()).isEqualTo(PHONE);
    assertThat(colors).contains(0xffffff, 0x2f5fd0);
    assertWorks(page);
  }

  /** Checks a report: no errors, charts with lines in them, links that lead somewhere. */
  static void assertWorks(BrowserPage page) {
    assertThat(page.errors()).isEmpty();
    assertThat(page.eval("document.documentElement.scrollWidth <= innerWidth").asBoolean())
        .isTrue();
    assertThat(
            page.eval(
                    "[...document.querySelectorAll('svg')].every(s => s.getBBox().width > 50"
                        + " && s.getBoundingClientRect().height > 50"
                        + " && [...s.querySelectorAll('.line')].every(l => l.getTotalLength() > 0))")
                .asBoolean())
        .as("each chart is drawn")
        .isTrue();
    assertThat(
            page.eval(
                    "[...document.querySelectorAll('nav a')].every(a =>"
                        + " document.querySelector(a.getAttribute('href')))")
                .asBoolean())
        .as("each link of the navigation")
        .isTrue();
    page.eval("document.querySelectorAll('img').forEach(i => { i.loading = 'eager'; })");
    page.waitFor("[...document.images].every(i => i.complete && i.naturalWidth > 0)");
  }

  private static Path auditPage(Path file) throws IOException {
    List<FacePhoto> photos = new ArrayList<>();
    List<CropDecision> crops = new ArrayList<>();
    for (String id : List.of("a", "b", "c", "d")) {
      photos.add(
          new FacePhoto(
              new Photo(id, TestFiles.path("photos/portrait.jpg")),
              "one person",
              30,
              FaceClass.ofId(0)));
      Box face = new Box(100, 100, 220, 220);
      boolean found = id.equals("a") || id.equals("b");
      crops.add(
          new CropDecision(
              id,
              "",
              512,
              384,
              face,
              found ? Rule.PRIMARY_SUBJECT : Rule.PERSON_MEDIAN,
              "test",
              found ? 0 : -1,
              found ? List.of(new Detection(face, 0.9, "test")) : List.of(),
              FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of()))));
    }
    AuditPage.write(CropAudit.builder(PhotoSet.of(photos), CropTable.of(crops)).build(), file, 100);
    return file;
  }

  @Test
  void cropsAreReviewedByKeysFiltersAndBoxesAndTheDecisionsSaved()
      throws IOException, InterruptedException {
    BrowserPage page = browser.open(auditPage(folder.resolve("crops.html")).toUri());
    List<String> ids = new ArrayList<>();
    page.eval("cards.map(card => card.dataset.id)").forEach(id -> ids.add(id.asText()));
    assertThat(ids).containsExactlyInAnyOrder("a", "b", "c", "d");

    page.press("ArrowRight");
    assertThat(page.shown(".card:nth-of-type(1).selected")).isEqualTo(1);
    page.press("a"); // accepts the first, and moves on
    page.press("f"); // refuses the second
    page.press("a"); // accepts the third ...
    page.press("ArrowLeft");
    page.press("u"); // ... and takes it back
    assertThat(page.text("#state")).isEqualTo("2 decided");

    page.click("[data-filter='-open']");
    assertThat(page.shown(".card")).isEqualTo(2);
    page.click("[data-filter='NO_FACE']");
    assertThat(page.eval("shown().map(card => card.dataset.id).sort().join()").asText())
        .isEqualTo("c,d");
    page.click("[data-filter='']");
    assertThat(page.shown(".card")).isEqualTo(4);

    page.drag(".card:nth-of-type(4) svg", 40, 60);
    assertThat(page.text("#state")).isEqualTo("3 decided");
    page.click("#rest");
    assertThat(page.text("#state")).isEqualTo("4 decided");

    page.downloadTo(folder);
    page.click("#save");
    Path saved = folder.resolve("crop-review.jsonl");
    awaitFile(saved);
    CropReview review = CropReview.read(saved);
    assertThat(review.find(ids.get(0)).orElseThrow().action()).isEqualTo(Action.ACCEPT);
    assertThat(review.find(ids.get(1)).orElseThrow().action()).isEqualTo(Action.FALLBACK);
    assertThat(review.find(ids.get(2)).orElseThrow().action()).isEqualTo(Action.ACCEPT);
    assertThat(review.find(ids.get(3)).orElseThrow().action()).isEqualTo(Action.BOX);
    // The drag of 40 by 60 on the page, in pixels of the photo.
    Box box = review.find(ids.get(3)).orElseThrow().box();
    assertThat(box.height() / box.width()).isCloseTo(1.5, within(0.05));
    assertThat(page.errors()).isEmpty();
  }

  private static void awaitFile(Path file) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file) || Files.size(file) == 0) {
      assertThat(System.nanoTime()).as("%s is there", file).isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
