package io.github.facemask.lab.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.Photos;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import org.junit.jupiter.api.Test;

class DatasetAnalysisTest {

  @Test
  void anAnalysisCountsClassesPeopleAndAges() {
    DatasetAnalysis analysis = DatasetAnalysis.of(Photos.people(4, 0, 1));

    assertThat(analysis.photos()).isEqualTo(35);
    assertThat(analysis.people()).isEqualTo(5);
    assertThat(analysis.classPeople().get(6)).isEqualTo(4);
    assertThat(analysis.imbalance()).isEqualTo(20);
    assertThat(analysis.peopleOfAge()).containsEntry(20, 4).containsEntry(60, 1);
    assertThat(analysis.photosPerPerson()).containsOnlyKeys(7).containsEntry(7, 5);
    assertThat(analysis.mixedPeople()).isZero();
    assertThat(analysis.count(AgeGroup.FROM_60)).isEqualTo(7);
    assertThat(analysis.count(MaskState.WORN)).isEqualTo(25);
    assertThat(analysis.peopleOf()).containsEntry(AgeGroup.FROM_60, 1);
    assertThat(analysis.peopleOf()).containsEntry(MaskState.WORN_WRONGLY, 5);
    assertThat(analysis.peopleOf()).containsEntry(Gender.FEMALE, 0);
    assertThat(DatasetAnalysis.of(Photos.random(1, 30)).mixedPeople()).isPositive();
  }
}
