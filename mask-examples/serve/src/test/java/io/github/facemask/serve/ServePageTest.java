package io.github.facemask.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.browser.BrowserPage;
import io.github.facemask.browser.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, where Chromium is installed. */
class ServePageTest {

  @TempDir static Path folder;

  private static Chromium browser;
  private static Served served;
  private BrowserPage page;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    browser =
        Chromium.start("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
    served = Served.start(s -> s);
  }

  @AfterAll
  static void stop() throws IOException {
    if (served != null) {
      served.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws IOException, InterruptedException {
    page = browser.open(served.service.uri());
  }

  private static Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private void awaitAnswer(int faces) {
    page.waitFor(
        "document.body.dataset.state === 'done' && document.querySelectorAll('#boxes"
            + " button').length === "
            + faces);
  }

  @Test
  void anUploadedPhotoShowsWhatTheServiceAnswers() throws IOException {
    byte[] photo = Served.photo(3, 1);
    page.chooseFiles("#file", file("three.jpg", photo));
    awaitAnswer(3);

    JsonNode answer = served.expected("", photo);
    Served.assertSame(Served.JSON.readTree(page.text("#json")), answer);
    assertThat(page.text("#status")).startsWith("3 faces in ");
    assertThat(page.text("#model")).contains("resnet18", "by width");
    JsonNode boxes =
        page.eval(
            "[...document.querySelectorAll('#boxes button')].map(b => { const f ="
                + " document.getElementById('photo').getBoundingClientRect(), r ="
                + " b.getBoundingClientRect(), s = f.width / document.getElementById('photo').width;"
                + " return [(r.left - f.left) / s, (r.right - f.left) / s, (r.top - f.top) / s,"
                + " (r.bottom - f.top) / s]; })");
    List<String> bars = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      JsonNode face = answer.get("faces").get(i);
      JsonNode box = face.get("box");
      assertThat(boxes.get(i).get(0).asDouble()).isCloseTo(box.get("left").asDouble(), within(1.0));
      assertThat(boxes.get(i).get(1).asDouble())
          .isCloseTo(box.get("right").asDouble(), within(1.0));
      assertThat(boxes.get(i).get(2).asDouble()).isCloseTo(box.get("top").asDouble(), within(1.0));
      assertThat(boxes.get(i).get(3).asDouble())
          .isCloseTo(box.get("bottom").asDouble(), within(1.0));
      face.get("probabilities")
          .forEach(
              values ->
                  values.forEach(
                      value ->
                          bars.add(String.format(Locale.ROOT, "%.1f %%", 100 * value.asDouble()))));
    }
    assertThat(page.texts(".bar .value")).isEqualTo(bars);
    assertThat(page.texts("#faces h2").get(0))
        .isEqualTo(
            "Face 1: mask: "
                + answer.at("/faces/0/label/mask").asText()
                + ", "
                + answer.at("/faces/0/label/gender").asText()
                + ", "
                + answer.at("/faces/0/label/age").asText());
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void aPhotoIsDropped() throws IOException {
    page.dropFiles("#drop", file("two.png", Served.photo(2, 4, "png")));

    awaitAnswer(2);
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void aPhotoIsPasted() {
    page.pasteFile("one.jpg", "image/jpeg", Served.photo(1, 5));

    awaitAnswer(1);
    assertThat(page.text("#status")).startsWith("1 face in ");
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void aPhotoWithoutFacesSaysSo() throws IOException {
    page.chooseFiles("#file", file("none.jpg", Served.photo(0, 5)));

    page.waitFor("document.getElementById('status').textContent === 'No face was found.'");
    assertThat(page.shown("#error")).isZero();
  }

  @Test
  void theWebcamsPictureIsClassified() {
    page.click("#webcam");
    page.waitFor("document.getElementById('shoot').checkVisibility()");
    page.waitFor("document.getElementById('video').videoWidth > 0");
    page.click("#shoot");

    page.waitFor("document.body.dataset.state === 'done'");
    assertThat(page.eval("document.getElementById('photo').width").asInt())
        .isEqualTo(page.eval("document.getElementById('video').videoWidth").asInt());
    page.click("#webcam");
    assertThat(page.shown("#video")).isZero();
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void theHeatMapOfAFaceIsShownByMouseAndByKeyboard() throws IOException {
    page.chooseFiles("#file", file("two.jpg", Served.photo(2, 6)));
    awaitAnswer(2);

    page.click("#boxes button:nth-child(2)");
    page.waitFor("document.querySelector('#faces li:nth-child(2) .map canvas')");
    assertThat(page.eval("document.querySelector('.map canvas').width").asInt()).isEqualTo(32);
    assertThat(page.eval("document.querySelector('#faces li.selected h2').textContent").asText())
        .startsWith("Face 2");

    // The first stop is the choice of a file, then the webcam.
    page.eval("document.getElementById('webcam').focus()");
    page.press("Tab");
    assertThat(page.eval("document.activeElement.getAttribute('aria-label')").asText())
        .startsWith("Face 1: mask: ");
    page.press("Enter");
    page.waitFor("document.querySelector('#faces li:nth-child(1) .map canvas')");
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void anUnreadableFileIsAnErrorInPlainWords() throws IOException {
    assertThat(page.errors()).isEmpty();
    page.chooseFiles("#file", file("notes.jpg", "no photo".getBytes(UTF_8)));

    page.waitFor("document.body.dataset.state === 'failed'");
    assertThat(page.text("#error")).startsWith("The content type is not supported: it is text");
    assertThat(page.shown("#answer")).isZero();

    // The next photo clears it.
    page.chooseFiles("#file", file("fine.jpg", Served.photo(1, 9)));
    awaitAnswer(1);
    assertThat(page.shown("#error")).isZero();
  }

  @Test
  void thePageFitsAPhone() throws IOException {
    page.resize(360, 700);
    page.chooseFiles("#file", file("wide.jpg", Served.photo(4, 6)));
    awaitAnswer(4);

    assertThat(page.eval("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(360);
    page.colours("dark");
    assertThat(page.eval("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(18, 22, 28)");
  }
}
