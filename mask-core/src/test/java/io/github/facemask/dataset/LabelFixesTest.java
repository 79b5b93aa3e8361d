package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.facemask.dataset.LabelFixes.Fix;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelFixesTest {

  @TempDir Path folder;

  private static PhotoSet person(String path, Gender gender, int years) {
    List<FacePhoto> photos = new ArrayList<>();
    AgeGroup age = AgeGroup.ofYears(years);
    photos.add(Photos.photo(path, "mask1", years, new FaceClass(MaskState.WORN, gender, age)));
    photos.add(
        Photos.photo(
            path, "incorrect_mask", years, new FaceClass(MaskState.WORN_WRONGLY, gender, age)));
    photos.add(Photos.photo(path, "normal", years, new FaceClass(MaskState.NOT_WORN, gender, age)));
    return PhotoSet.of(photos);
  }

  @Test
  void thePresetCorrectsAllPhotosOfAPerson() {
    PhotoSet photos = person("006360_female_Asian_18", Gender.FEMALE, 18);

    PhotoSet fixed = photos.withLabelFixes(LabelFixes.pstage());

    assertThat(fixed.stream().map(p -> p.label().gender().orElseThrow())).containsOnly(Gender.MALE);
    assertThat(photos.stream().map(p -> p.label().gender().orElseThrow()))
        .containsOnly(Gender.FEMALE);
    assertThat(fixed.digest()).isNotEqualTo(photos.digest());
  }

  @Test
  void thePresetSwapsMaskStatesAndLeavesTheOthers() {
    PhotoSet fixed =
        person("000020_female_Asian_50", Gender.FEMALE, 50).withLabelFixes(LabelFixes.pstage());

    assertThat(fixed.stream().map(p -> p.label().mask().orElseThrow()))
        .containsExactly(MaskState.WORN, MaskState.NOT_WORN, MaskState.WORN_WRONGLY);
  }

  @Test
  void aSuffixedIdIsAnotherId() {
    PhotoSet plain = person("001498_male_Asian_23", Gender.MALE, 23);
    PhotoSet suffixed = person("001498-1_male_Asian_23", Gender.MALE, 23);

    assertThat(plain.withLabelFixes(LabelFixes.pstage()).digest()).isEqualTo(plain.digest());
    assertThat(suffixed.withLabelFixes(LabelFixes.pstage()).get(0).label().gender().orElseThrow())
        .isEqualTo(Gender.FEMALE);
  }

  @Test
  void aFixWhoseOldLabelDiffersDoesNothingAndIsReported() {
    PhotoSet photos = person("006360_male_Asian_18", Gender.MALE, 18);

    assertThat(photos.withLabelFixes(LabelFixes.pstage()).digest()).isEqualTo(photos.digest());
    assertThat(LabelFixes.pstage().unusedIn(photos)).hasSize(14);
  }

  @Test
  void anAgeFixMovesTheAgeGroup() throws IOException {
    Path file = folder.resolve("fixes.csv");
    Files.writeString(
        file, "\uFEFFid,field,old,new,source\n000009_male_Asian_59,age,59,60,\"me, today\"\n");
    LabelFixes fixes = LabelFixes.read(file);

    PhotoSet fixed = person("000009_male_Asian_59", Gender.MALE, 59).withLabelFixes(fixes);

    assertThat(fixed.get(0).ageYears()).hasValue(60);
    assertThat(fixed.get(0).label().age().orElseThrow()).isEqualTo(AgeGroup.FROM_60);
    assertThat(fixes.fixes().get(0).source()).isEqualTo("me, today");
  }

  @Test
  void anAgeGroupFixTakesTheNearestAgeAndIsReadAsWritten() throws IOException {
    Fix fix = new Fix("a", Fix.Field.AGE_GROUP, "from_30_to_59", "from_60", "x, y");
    Path file = folder.resolve("group.csv");
    LabelFixes.of(List.of(fix)).write(file);
    LabelFixes read = LabelFixes.read(file);

    assertThat(read.fixes()).containsExactly(fix);
    FacePhoto fixed = person("a", Gender.MALE, 45).withLabelFixes(read).get(0);
    assertThat(fixed.ageYears()).hasValue(60);
    assertThat(fixed.label().age().orElseThrow()).isEqualTo(AgeGroup.FROM_60);
    PhotoSet young = person("a", Gender.MALE, 25);
    assertThat(young.withLabelFixes(read).digest()).isEqualTo(young.digest());
  }

  @Test
  void brokenRowsAreNamedWithTheirLines() throws IOException {
    Path file = folder.resolve("fixes.csv");
    Files.writeString(file, "id,field,old,new,source\n1,gender,male,lady,x\n1,hair,black,grey,x\n");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> LabelFixes.read(file))
        .withMessageContaining("fixes.csv:2: gender is lady, expected male or female")
        .withMessageContaining(
            "fixes.csv:3: field is hair, expected gender, mask, age or age_group");
  }

  @Test
  void theDigestIgnoresTheOrder() {
    List<Fix> fixes = new ArrayList<>(LabelFixes.pstage().fixes());
    Collections.reverse(fixes);

    assertThat(LabelFixes.of(fixes).digest()).isEqualTo(LabelFixes.pstage().digest());
    assertThat(LabelFixes.of(fixes.subList(1, 5)).digest())
        .isNotEqualTo(LabelFixes.pstage().digest());
  }

  @Test
  void aTrainingAgeBoundaryMovesOnlyThoseFromIt() {
    PhotoSet young = person("a", Gender.MALE, 57).withTrainingAgeBoundary(58);
    PhotoSet old = person("b", Gender.MALE, 58).withTrainingAgeBoundary(58);

    assertThat(young.get(0).label().age().orElseThrow()).isEqualTo(AgeGroup.FROM_30_TO_59);
    assertThat(old.get(0).label().age().orElseThrow()).isEqualTo(AgeGroup.FROM_60);
    assertThat(old.get(0).ageYears()).hasValue(58);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> old.withTrainingAgeBoundary(30))
        .withMessageContaining("old from is 30");
  }
}
