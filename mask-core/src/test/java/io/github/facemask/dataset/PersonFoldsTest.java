package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.label.FaceClass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PersonFoldsTest {

  @Property(tries = 60)
  void nobodyIsInTwoFoldsAndEveryPhotoIsInOne(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int count, @ForAll long set) {
    PhotoSet photos = Photos.random(set, 40);
    PersonFolds folds = PersonFolds.builder(photos, count).optSeed(seed).build();

    List<String> people = new ArrayList<>();
    int total = 0;
    for (Split fold : folds.folds()) {
      people.addAll(fold.validation().people());
      total += fold.validation().size();
      assertThat(fold.train().size() + fold.validation().size()).isEqualTo(photos.size());
      assertThat(fold.train().people()).doesNotContainAnyElementsOf(fold.validation().people());
    }
    assertThat(people).doesNotHaveDuplicates().hasSize(40);
    assertThat(total).isEqualTo(photos.size());
  }

  @Property(tries = 60)
  void aClassWithEnoughPeopleIsInEveryFold(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int count) {
    PhotoSet photos = Photos.people(19, 13, 5, 23, 31, 6);

    for (Split fold : PersonFolds.builder(photos, count).optSeed(seed).build().folds()) {
      assertThat(fold.validation().classCounts()).doesNotContain(0);
      assertThat(fold.train().classCounts()).doesNotContain(0);
      assertThat(fold.warnings()).isEmpty();
    }
  }

  @Property(tries = 40)
  void eachFoldHasItsShareOfEachCellToWithinOnePerson(@ForAll long seed) {
    int[] cells = {55, 41, 8, 73, 82, 11};
    PhotoSet photos = Photos.people(cells);

    for (Split fold : PersonFolds.builder(photos, 5).optSeed(seed).build().folds()) {
      int[] counts = fold.validation().classCounts();
      for (int cell = 0; cell < 6; cell++) {
        // One normal photo a person: class 12 + cell counts people.
        assertThat((double) counts[12 + cell]).isCloseTo(cells[cell] / 5.0, within(1.0));
      }
      assertThat((double) fold.validation().size()).isCloseTo(photos.size() / 5.0, within(8.0));
    }
  }

  @Test
  void foldsDoNotDependOnTheOrderOfThePhotos() {
    PhotoSet photos = Photos.random(3, 50);
    List<FacePhoto> mixed = new ArrayList<>(photos.stream().toList());
    Collections.shuffle(mixed, new Random(1));

    PersonFolds folds = PersonFolds.builder(photos, 4).optSeed(7).build();
    PersonFolds same = PersonFolds.builder(PhotoSet.of(mixed), 4).optSeed(7).build();
    PersonFolds other = PersonFolds.builder(photos, 4).optSeed(8).build();

    assertThat(same.digest()).isEqualTo(folds.digest());
    assertThat(other.digest()).isNotEqualTo(folds.digest());
  }

  @Test
  void aClassOfTooFewPeopleIsNamed() {
    PhotoSet photos = Photos.people(10, 10, 1, 10, 10, 10);

    List<Split> folds = PersonFolds.builder(photos, 3).build().folds();

    long lacking = folds.stream().filter(f -> f.validation().classCounts()[2] == 0).count();
    assertThat(lacking).isEqualTo(2);
    assertThat(folds.stream().flatMap(f -> f.warnings().stream()))
        .contains(
            "class 2 (worn, male, from 60) has no validation photo: too few people have it",
            "class 2 (worn, male, from 60) has no training photo: too few people have it");
  }

  @Test
  void moreFoldsThanPeopleAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PersonFolds.builder(Photos.people(2), 3).build())
        .withMessage("folds is 3, expected at most one a person, of whom the photos show 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PersonFolds.builder(Photos.people(2), 2).build().fold(2))
        .withMessageContaining("fold is 2");
  }

  @Test
  void aFoldWithAPersonOnBothSidesCannotBeMade() {
    PhotoSet photos = Photos.people(2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Split(photos, photos, List.of()))
        .withMessageContaining("2 people are on both sides")
        .withMessageContaining("p0.0");
  }

  @Property(tries = 60)
  void aSplitKeepsItsShareAndEveryClassOnBothSides(
      @ForAll long seed, @ForAll @IntRange(min = 10, max = 50) int percent) {
    PhotoSet photos = Photos.people(20, 15, 3, 27, 30, 4);

    Split fold =
        PersonSplit.builder(photos)
            .optValidationShare(percent / 100.0)
            .optSeed(seed)
            .build()
            .split();

    assertThat(fold.validation().classCounts()).doesNotContain(0);
    assertThat(fold.train().classCounts()).doesNotContain(0);
    assertThat(fold.validation().size() / (double) photos.size())
        .isCloseTo(percent / 100.0, within(0.04));
  }

  @Test
  void aSplitSharesEveryClassEvenly() {
    PhotoSet photos = Photos.people(200, 160, 40, 240, 260, 60);

    int[] valid = PersonSplit.builder(photos).optSeed(5).build().split().validation().classCounts();

    int[] all = photos.classCounts();
    for (int id = 0; id < FaceClass.COUNT; id++) {
      assertThat(valid[id] / (double) all[id]).isCloseTo(0.2, within(0.03));
    }
  }

  @Test
  void aShareOutsideZeroToOneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PersonSplit.builder(Photos.people(4)).optValidationShare(1).build())
        .withMessageContaining("validation share is 1.0");
  }
}
