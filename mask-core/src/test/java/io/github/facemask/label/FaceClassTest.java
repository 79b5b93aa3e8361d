package io.github.facemask.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaceClassTest {

  @ParameterizedTest
  @CsvSource({
    "0, WORN, MALE, UNDER_30",
    "2, WORN, MALE, FROM_60",
    "4, WORN, FEMALE, FROM_30_TO_59",
    "6, WORN_WRONGLY, MALE, UNDER_30",
    "13, NOT_WORN, MALE, FROM_30_TO_59",
    "17, NOT_WORN, FEMALE, FROM_60"
  })
  void numbersAreTheCompetitions(int id, MaskState mask, Gender gender, AgeGroup age) {
    assertThat(new FaceClass(mask, gender, age).id()).isEqualTo(id);
    assertThat(FaceClass.ofId(id)).isEqualTo(new FaceClass(mask, gender, age));
  }

  @Test
  void eachClassStandsAtItsNumber() {
    List<FaceClass> classes = FaceClass.values();

    assertThat(classes).hasSize(18).doesNotHaveDuplicates();
    for (int id = 0; id < 18; id++) {
      assertThat(classes.get(id).id()).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, UNDER_30",
    "29, UNDER_30",
    "30, FROM_30_TO_59",
    "59, FROM_30_TO_59",
    "60, FROM_60",
    "150, FROM_60"
  })
  void agesFallIntoTheCompetitionsGroups(int years, AgeGroup group) {
    assertThat(AgeGroup.ofYears(years)).isEqualTo(group);
  }

  @Test
  void numbersAndAgesOutOfRangeAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaceClass.ofId(18))
        .withMessage("class is 18, expected 0 to 17");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AgeGroup.ofYears(-1))
        .withMessage("age is -1, expected 0 to 150 years");
  }

  @Test
  void namesDoNotDependOnTheLocale() {
    // The tests run in Turkish, whose lower-case I has no dot.
    assertThat(FaceClass.ofId(7).displayName()).isEqualTo("worn wrongly, male, from 30 to 59");
  }
}
