package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.Section;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, where Chromium is installed. */
class BrowserTest {

  private static final int PHONE = 500;

  private static Optional<Path> chromium() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(n -> Path.of(folder, n)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Test
  void aPageIsDrawnOnAPhone(@TempDir Path folder) throws IOException, InterruptedException {
    Optional<Path> browser = chromium();
    assumeTrue(browser.isPresent(), "no Chromium on the path, so no page can be looked at");
    Path page = folder.resolve("page.html");
    ImmutableDoubleArray epochs = ImmutableDoubleArray.of(1, 2, 3);
    HtmlReport.builder("A page")
        .add(
            new Section.Charts(
                "Curves",
                List.of(
                    new Section.Chart(
                        "Loss", "epoch", List.of(new Section.Line("loss", epochs, epochs))))))
        .build()
        .write(page);
    Path picture = folder.resolve("page.png");

    Process process =
        new ProcessBuilder(
                browser.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=" + PHONE + ",700",
                "--screenshot=" + picture,
                page.toUri().toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assumeTrue(ended && Files.exists(picture), "Chromium drew nothing here");

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
  }
}
