package io.github.facemask.lab.labelaudit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.curation.LabelAudit;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Photos;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelAuditPageTest {

  private static final FaceClass YOUNG_WOMAN =
      new FaceClass(MaskState.NOT_WORN, Gender.FEMALE, AgeGroup.UNDER_30);
  private static final FaceClass OLD_MAN =
      new FaceClass(MaskState.NOT_WORN, Gender.MALE, AgeGroup.FROM_60);

  @TempDir Path folder;

  @Test
  void thePageHoldsLinesThatAreAFileOfFixes() throws IOException {
    LabelAudit audit = audit();
    Path page = folder.resolve("audit.html");
    LabelAuditPage.write(audit, page, 10);

    String html = Files.readString(page);
    assertThat(html).contains("1 doubtful labels of 6 photos").doesNotContain("https://");
    Matcher lines = Pattern.compile("data-line=\"([^\"]*)\"").matcher(html);
    StringBuilder csv = new StringBuilder("id,field,old,new,source\n");
    while (lines.find()) {
      csv.append(lines.group(1).replace("&quot;", "\"")).append('\n');
    }
    Path file = Files.writeString(folder.resolve("fixes.csv"), csv);
    PhotoSet fixed = photos().withLabelFixes(LabelFixes.read(file));
    assertThat(fixed.get(5).label()).isEqualTo(FaceLabel.of(OLD_MAN));
    assertThat(fixed.get(5).ageYears()).hasValue(60);
    assertThat(fixed.get(0)).isEqualTo(photos().get(0));
  }

  private static LabelAudit audit() {
    return LabelAudit.of(photos(), List.of(table()));
  }

  private static PhotoSet photos() {
    List<FacePhoto> photos = new ArrayList<>();
    for (String person : List.of("a", "b", "c")) {
      photos.add(Photos.photo(person, "x", 20, YOUNG_WOMAN));
    }
    photos.add(Photos.photo("d", "x", 60, OLD_MAN));
    photos.add(Photos.photo("e", "x", 60, OLD_MAN));
    photos.add(Photos.photo("wrong", "x", 20, YOUNG_WOMAN));
    return PhotoSet.of(photos);
  }

  private static PredictionTable table() {
    PredictionTable.Builder table =
        PredictionTable.builder(
            new PredictionOrigin(List.of(), List.of("run-1, of \"two\""), Optional.empty()));
    // Thresholds: 0.5375 of the women, 0.8 of the men; b reaches neither.
    add(table, "a", 0.9f, 0.1f);
    add(table, "b", 0.3f, 0.7f);
    add(table, "c", 0.9f, 0.1f);
    add(table, "d", 0.2f, 0.8f);
    add(table, "e", 0.2f, 0.8f);
    add(table, "wrong", 0.05f, 0.95f);
    return table.build();
  }

  private static void add(PredictionTable.Builder table, String person, float woman, float man) {
    float[] row = new float[FaceClass.COUNT];
    row[YOUNG_WOMAN.id()] = woman;
    row[OLD_MAN.id()] = man;
    table.add(person + "/x", row);
  }
}
