package io.github.facemask.lab.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.label.FaceClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyAnalysisTest {

  @TempDir Path folder;

  private PhotoSet photos;
  private Split split;

  private FacePhoto photo(String person, String content, int label) throws IOException {
    Path file = Files.writeString(folder.resolve(person + ".jpg"), content);
    return new FacePhoto(new Photo(person, file), person, 20, FaceClass.ofId(label));
  }

  @BeforeEach
  void photos() throws IOException {
    photos =
        PhotoSet.of(
            List.of(
                photo("a", "one", 0),
                photo("b", "one", 0),
                photo("c", "two", 0),
                photo("d", "two", 3),
                photo("e", "six", 0),
                photo("f", "six", 0),
                photo("g", "alone", 0)));
    List<String> validation = List.of("b", "e", "f");
    split =
        new Split(
            photos.filter(p -> !validation.contains(p.person())),
            photos.filter(p -> validation.contains(p.person())),
            List.of());
  }

  @Test
  void groupsAreCountedByWhatTheyMean() throws IOException {
    CopyAnalysis copies = CopyAnalysis.of(photos.copies(), CopyAnalysis.By.BYTES, split);

    assertThat(copies.photos()).isEqualTo(6);
    assertThat(copies.groups()).hasSize(3);
    assertThat(copies.contradicting()).isOne();
    assertThat(copies.onBothSides()).isOne();
    assertThat(copies.text())
        .isEqualTo(
            "exact copies (same bytes): 6 photos in 3 groups; 1 group with contradicting labels,"
                + " 1 on both sides of the split");
    assertThat(copies.toJson())
        .containsEntry("comparedBy", "BYTES")
        .containsEntry("photos", 6)
        .containsEntry("groups", 3)
        .containsEntry("contradicting", 1)
        .containsEntry("onBothSides", 1);
  }

  @Test
  void thePageShowsTheGroupsThatNeedADecision() throws IOException {
    CopyAnalysis copies = CopyAnalysis.of(photos.copies(), CopyAnalysis.By.BYTES, split);

    String html = HtmlReport.builder("Copies").addAll(copies.sections(10)).build().html();

    assertThat(html)
        .contains("Copies with contradicting labels or on both sides: 2 groups")
        .contains("<span>c</span>", "<span>d</span>", "<span>a</span>", "<span>b</span>")
        .doesNotContain("<span>e</span>", "<span>g</span>");
    assertThat(html.indexOf("<span>c</span>")).isLessThan(html.indexOf("<span>a</span>"));
    assertThat(HtmlReport.builder("Few").addAll(copies.sections(1)).build().html())
        .contains("<span>d</span>")
        .doesNotContain("<span>a</span>");
  }

  @Test
  void withoutCopiesThereIsNothingToDecide() throws IOException {
    PhotoSet one = photos.filter(p -> p.person().equals("g") || p.person().equals("b"));
    Split apart =
        new Split(
            one.filter(p -> p.person().equals("g")),
            one.filter(p -> p.person().equals("b")),
            List.of());
    CopyAnalysis copies = CopyAnalysis.of(one.copies(), CopyAnalysis.By.BYTES, apart);

    assertThat(copies.text()).isEqualTo("exact copies (same bytes): none");
    assertThat(copies.sections(5)).hasSize(1);
  }
}
