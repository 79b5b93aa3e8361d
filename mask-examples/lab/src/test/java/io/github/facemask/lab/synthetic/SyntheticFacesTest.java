package io.github.facemask.lab.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.provenance.Digest;
import io.github.facemask.random.RandomStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticFacesTest {

  @TempDir Path folder;

  @Test
  void theSameSeedGivesTheSameBytesWithAnyNumberOfThreads() throws IOException {
    small("one").optThreads(1).build().write();
    small("four").optThreads(4).build().write();

    Map<String, Digest> one = digests(folder.resolve("one"));
    assertThat(one).hasSizeGreaterThan(30).isEqualTo(digests(folder.resolve("four")));
  }

  @Test
  void anotherSeedGivesOtherPictures() {
    BufferedImage first = paint(1);
    BufferedImage again = paint(1);
    BufferedImage other = paint(2);

    assertThat(pixels(first)).isEqualTo(pixels(again)).isNotEqualTo(pixels(other));
  }

  @Test
  void whatIsWrittenIsReadStrictlyAndHasTheTrueClasses() throws IOException {
    SyntheticSummary summary =
        SyntheticFaces.builder(folder.resolve("set"))
            .optPeople(24)
            .optEvaluationPhotos(16)
            .optAtLeastPerCell(2)
            .optSeed(3)
            .optThreads(2)
            .build()
            .write();

    Reading reading = PstageFolder.builder(summary.root()).build().read();
    assertThat(reading.report().clean()).isTrue();
    assertThat(reading.report().junk()).isGreaterThan(1);
    assertThat(reading.report().notes()).hasSize(1);
    PhotoSet photos = reading.photos();
    assertThat(photos.size()).isEqualTo(168).isEqualTo(summary.trainingPhotos());
    assertThat(photos.people()).hasSize(24).hasSize(summary.people());
    for (int i = 0; i < photos.size(); i += 19) {
      BufferedImage image = ImageIO.read(photos.get(i).photo().file().toFile());
      assertThat(image.getWidth()).isEqualTo(384);
      assertThat(image.getHeight()).isEqualTo(512);
    }
    assertThat(photos.classCounts()).isEqualTo(summary.classCounts().toArray()).doesNotContain(0);
    List<SyntheticTruth> truth = SyntheticTruth.read(summary.root());
    assertThat(truth.stream().limit(168).map(SyntheticTruth::photo).toList())
        .isEqualTo(photos.stream().map(p -> p.photo().id()).toList());
    assertThat(truth.stream().limit(168).map(SyntheticTruth::faceClass).toList())
        .isEqualTo(photos.stream().map(p -> p.label().faceClass().orElseThrow()).toList());
    assertThat(EvaluationFolder.read(summary.root()))
        .hasSize(16)
        .extracting(p -> p.id())
        .containsExactlyInAnyOrderElementsOf(
            truth.stream().skip(168).map(SyntheticTruth::photo).toList())
        .allMatch(id -> id.matches("[0-9a-f]{40}\\.jpg"));
  }

  @Test
  void aFolderWithContentIsRefusedAndKept() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("mine.txt"), "mine");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> SyntheticFaces.builder(taken).build().write())
        .withMessageContaining("taken")
        .withMessageContaining("not an empty folder");
    assertThat(taken.resolve("mine.txt")).hasContent("mine");
  }

  @Test
  void anEmptyFolderIsFilled() throws IOException {
    Files.createDirectories(folder.resolve("empty"));

    small("empty").build().write();

    assertThat(folder.resolve("empty/train/train.csv")).exists();
  }

  @Test
  void aFailureLeavesNothing() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                small("broken")
                    .optProgress(
                        done -> {
                          throw new IllegalStateException("stopped at " + done);
                        })
                    .build()
                    .write())
        .withMessageContaining("stopped");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void progressCountsEachPhotoOnce() throws IOException {
    List<Integer> seen = new ArrayList<>();

    small("set").optProgress(seen::add).build().write();

    assertThat(seen).isSorted().doesNotHaveDuplicates().endsWith(6 * 7 + 3);
  }

  @Test
  void choicesOutOfRangeAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SyntheticFaces.builder(folder).optPeople(0).build())
        .withMessage("people is 0, expected 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SyntheticFaces.builder(folder).optBackgroundFaces(1.5).build())
        .withMessageContaining("1.5");
  }

  @Test
  void peopleHaveTheCompetitionsSharesAndEveryCellItsMinimum() {
    List<Population> people = Population.draw(RandomStream.of(1, "test"), 2700, 6);
    List<Population> few = Population.draw(RandomStream.of(1, "test"), 60, 6);
    List<Population> tooFew = Population.draw(RandomStream.of(1, "test"), 5, 6);

    assertThat(cells(people)).isEqualTo(Map.of(0, 549, 1, 410, 2, 83, 3, 732, 4, 817, 5, 109));
    assertThat(few).hasSize(60);
    assertThat(cells(few).values()).allMatch(n -> n >= 6);
    assertThat(tooFew).hasSize(36);
    assertThat(people).extracting(Population::years).allMatch(y -> y >= 18 && y <= 60);
  }

  @Test
  void theBoxFollowsTheFace() {
    RandomStream random = RandomStream.of(4, "test");
    Person person = Person.draw(4, "test", 0, Gender.FEMALE, 25);
    for (int i = 0; i < 20; i++) {
      Portrait portrait = Portrait.paint(person, MaskState.NOT_WORN, random, 1);
      FaceBox face = portrait.face();
      assertThat(face.width()).isBetween(130, 260);
      assertThat(face.x()).isNotNegative();
      assertThat(face.y() + face.height()).isLessThanOrEqualTo(512);
      FaceBox other = portrait.other().orElseThrow();
      assertThat(other.width()).isLessThan(face.width() * 2 / 3);
    }
  }

  private SyntheticFaces.Builder small(String name) {
    return SyntheticFaces.builder(folder.resolve(name))
        .optPeople(6)
        .optAtLeastPerCell(1)
        .optEvaluationPhotos(3)
        .optSeed(9);
  }

  private static BufferedImage paint(long seed) {
    Person person = Person.draw(1, "test", 0, Gender.MALE, 40);
    FaceClass faceClass = FaceClass.ofId(0);
    return Portrait.paint(person, faceClass.mask(), RandomStream.of(seed, "test"), 0).image();
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static Map<Integer, Integer> cells(List<Population> people) {
    Map<Integer, Integer> cells = new TreeMap<>();
    for (Population person : people) {
      int cell = person.gender().ordinal() * 3 + AgeGroup.ofYears(person.years()).ordinal();
      cells.merge(cell, 1, Integer::sum);
    }
    return cells;
  }

  private static Map<String, Digest> digests(Path root) throws IOException {
    Map<String, Digest> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(root.relativize(file).toString(), Digest.ofFile(file));
      }
    }
    return digests;
  }
}
