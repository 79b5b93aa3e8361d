package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.LabelFixes.Fix;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoCopiesTest {

  private static final FaceLabel MAN = label(MaskState.WORN, Gender.MALE, AgeGroup.UNDER_30);
  private static final FaceLabel WOMAN = label(MaskState.WORN, Gender.FEMALE, AgeGroup.UNDER_30);

  @TempDir Path folder;

  private static FaceLabel label(MaskState mask, Gender gender, AgeGroup age) {
    return FaceLabel.of(Optional.of(mask), Optional.of(gender), Optional.of(age));
  }

  private FacePhoto photo(String person, String name, String bytes, FaceLabel label)
      throws IOException {
    Path file = folder.resolve(person + "-" + name + ".jpg");
    Files.write(file, bytes.getBytes(StandardCharsets.UTF_8));
    return new FacePhoto(new Photo(person + "/" + name, file), person, OptionalInt.empty(), label);
  }

  private static List<String> ids(List<FacePhoto> group) {
    return group.stream().map(photo -> photo.photo().id()).toList();
  }

  @Test
  void photosOfEqualBytesAreOneGroup() throws IOException {
    PhotoSet photos =
        PhotoSet.of(
            List.of(
                photo("a", "1", "same", MAN),
                photo("b", "1", "some", MAN),
                photo("c", "1", "same", MAN),
                photo("c", "2", "longer", MAN)));

    PhotoSet.Copies copies = photos.copies();

    assertThat(copies.groups()).hasSize(1);
    assertThat(ids(copies.groups().get(0))).containsExactly("a/1", "c/1");
    assertThat(copies.photos()).isEqualTo(2);
    assertThat(copies.contradicting()).isEmpty();
    assertThat(copies.fixes().fixes()).isEmpty();
  }

  @Test
  void aMissingPhotoIsACopyOfNone() throws IOException {
    FacePhoto there = photo("a", "1", "same", MAN);
    FacePhoto gone = photo("b", "1", "same", MAN);
    Files.delete(gone.photo().file());

    assertThat(PhotoSet.of(List.of(there, gone)).copies().groups()).isEmpty();
  }

  @Test
  void anUnknownAttributeContradictsNothing() throws IOException {
    FaceLabel unknown = MAN.withGender(Optional.empty());
    PhotoSet photos =
        PhotoSet.of(
            List.of(
                photo("a", "1", "one", unknown),
                photo("b", "1", "one", MAN),
                photo("a", "2", "other", WOMAN),
                photo("b", "2", "other", MAN)));

    PhotoSet.Copies copies = photos.copies();

    assertThat(copies.groups()).hasSize(2);
    assertThat(copies.contradicting()).hasSize(1);
    assertThat(ids(copies.contradicting().get(0))).containsExactly("a/2", "b/2");
  }

  @Test
  void theFixesChooseTheMostFrequentLabelAndEndTheContradictions() throws IOException {
    PhotoSet photos =
        PhotoSet.of(
            List.of(
                photo("a", "1", "three", MAN),
                photo("b", "1", "three", WOMAN.withAge(Optional.of(AgeGroup.FROM_60))),
                photo("c", "1", "three", WOMAN),
                photo("d", "1", "three", MAN.only(java.util.Set.of())),
                photo("e", "1", "alone", MAN)));
    Path file = folder.resolve("conflicts.csv");

    photos.copies().fixes().write(file);
    LabelFixes read = LabelFixes.read(file);

    assertThat(read.fixes())
        .containsExactly(
            new Fix(
                "a/1",
                Fix.Field.GENDER,
                "male",
                "female",
                "copies: equal to b/1; 2 of 3 have the new label"),
            new Fix(
                "b/1",
                Fix.Field.AGE_GROUP,
                "from_60",
                "under_30",
                "copies: equal to a/1; 2 of 3 have the new label"));
    assertThat(read.unusedIn(photos)).isEmpty();
    PhotoSet fixed = photos.withLabelFixes(read);
    assertThat(fixed.copies().contradicting()).isEmpty();
    assertThat(fixed.get(0).label()).isEqualTo(WOMAN);
    assertThat(fixed.get(3).label()).isEqualTo(FaceLabel.UNKNOWN);
    assertThat(fixed.get(4)).isEqualTo(photos.get(4));
  }

  @Test
  void theFirstLabelIsChosenIfTwoAreEquallyFrequent() throws IOException {
    PhotoSet photos =
        PhotoSet.of(List.of(photo("b", "1", "two", WOMAN), photo("a", "1", "two", MAN)));

    assertThat(photos.copies().fixes().fixes())
        .singleElement()
        .satisfies(
            fix -> {
              assertThat(fix.id()).isEqualTo("a/1");
              assertThat(fix.corrected()).isEqualTo("female");
            });
  }

  @Test
  void peopleWhoShareAPhotoAreMergedTransitively() throws IOException {
    List<FacePhoto> list =
        new ArrayList<>(
            List.of(
                photo("d", "1", "first", MAN),
                photo("c", "1", "second", MAN),
                photo("c", "2", "first", MAN),
                photo("b", "1", "second", MAN),
                photo("b", "2", "own", MAN),
                photo("a", "1", "alone", MAN)));
    PhotoSet merged = PhotoSet.of(list).withCopiesMerged();
    Collections.reverse(list);
    PhotoSet backwards = PhotoSet.of(list).withCopiesMerged();

    assertThat(merged.stream().map(FacePhoto::person))
        .containsExactly("b", "b", "b", "b", "b", "a");
    assertThat(backwards.digest()).isEqualTo(merged.digest());
  }

  @Test
  void copiesOfMergedPeopleAreOnOneSideOfEachSplit() throws IOException {
    List<FacePhoto> list = new ArrayList<>();
    for (int person = 0; person < 20; person++) {
      list.add(photo("p" + person, "own", "own " + person, MAN));
      list.add(photo("p" + person, "shared", "shared " + person % 10, MAN));
    }
    PhotoSet photos = PhotoSet.of(list);
    PhotoSet merged = photos.withCopiesMerged();

    assertThat(merged.people()).hasSize(10);
    int before = 0;
    for (int seed = 0; seed < 5; seed++) {
      Split split = PersonSplit.builder(photos).optSeed(seed).build().split();
      before += photos.copies().onBothSidesOf(split).size();
      Split after = PersonSplit.builder(merged).optSeed(seed).build().split();
      assertThat(merged.copies().onBothSidesOf(after)).isEmpty();
    }
    assertThat(before).isPositive();
    for (Split fold : PersonFolds.builder(merged, 3).build().folds()) {
      assertThat(merged.copies().onBothSidesOf(fold)).isEmpty();
    }
  }

  @Test
  void aPseudoLabelledCopyKeepsItsName() throws IOException {
    FacePhoto real = photo("a", "1", "same", MAN);
    FacePhoto guessed = FacePhoto.pseudoLabelled(photo("b", "1", "same", MAN).photo(), MAN);

    PhotoSet merged = PhotoSet.of(List.of(guessed, real)).withCopiesMerged();

    assertThat(merged.get(0).isPseudoLabelled()).isTrue();
    assertThat(merged.get(1).person()).isEqualTo("a");
  }
}
