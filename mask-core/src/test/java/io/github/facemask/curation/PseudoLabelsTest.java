package io.github.facemask.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.facemask.curation.PseudoLabels.PseudoLabel;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Photos;
import io.github.facemask.dataset.Split;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PseudoLabelsTest {

  private static final PredictionOrigin RUNS =
      new PredictionOrigin(List.of(), List.of("run-a", "run-b"), Optional.empty());

  @TempDir Path folder;

  private final List<Photo> photos = new ArrayList<>();
  private PredictionTable predictions;

  /** Four photos of class 3 with rising probability, one of class 17. */
  @BeforeEach
  void draw() throws IOException {
    Files.createDirectories(folder.resolve("eval"));
    PredictionTable.Builder table = PredictionTable.builder(RUNS);
    for (int i = 0; i < 5; i++) {
      String id = i + ".jpg";
      photos.add(new Photo(id, Files.write(folder.resolve("eval/" + id), new byte[1])));
      float[] row = new float[FaceClass.COUNT];
      row[i == 4 ? 17 : 3] = 0.8f + 0.05f * (i % 4);
      row[0] = 1 - row[i == 4 ? 17 : 3];
      table.add(id, row);
    }
    predictions = table.build();
  }

  private PseudoLabels round(double threshold, int most) {
    return PseudoLabels.builder(photos, predictions)
        .optThreshold(threshold)
        .optMostPerClass(most)
        .build();
  }

  @Test
  void takesTheSurestOfEachClassAboveTheThreshold() {
    assertThat(round(0.84, 2).labels())
        .extracting(l -> l.photo().id() + " " + l.guess().id())
        .containsExactly("3.jpg 3", "2.jpg 3");
    assertThat(round(0.7, 1).labels())
        .extracting(l -> l.photo().id())
        .containsExactly("3.jpg", "4.jpg");
    assertThat(round(0.99, 9).labels()).isEmpty();
    assertThat(round(0.7, 9).runs()).containsExactly("run-a", "run-b");
  }

  @Test
  void theyJoinTheTrainingSideAlone() {
    PhotoSet known = Photos.people(8, 8);
    Split fold = PersonSplit.builder(known).build().split();

    Split more = round(0.7, 9).addTo(fold);

    assertThat(more.validation().digest()).isEqualTo(fold.validation().digest());
    assertThat(more.train().size()).isEqualTo(fold.train().size() + 5);
    assertThat(more.train().classCounts()[17]).isEqualTo(fold.train().classCounts()[17] + 1);
    assertThat(more.train().digest()).isNotEqualTo(fold.train().digest());
  }

  @Test
  void noFoldValidatesOnThem() throws IOException {
    Path table = folder.resolve("round/pseudo.csv");
    round(0.7, 9).write(table);
    PhotoSet smuggled = ManifestFile.read(table);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Split(Photos.people(2), smuggled, List.of()))
        .withMessageContaining("5 validation photos have pseudo-labels, expected none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PersonSplit.builder(Photos.people(2).plus(smuggled)).build())
        .withMessageContaining("pseudo-labels");
  }

  @Test
  void photosThatHaveALabelAreRefused() {
    PhotoSet labelled =
        PhotoSet.of(List.of(new FacePhoto(photos.get(1), "somebody", 30, FaceClass.ofId(0))));
    Split fold = new Split(Photos.people(1), labelled, List.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> round(0.7, 9).addTo(fold))
        .withMessageContaining("photo '1.jpg' has a label already");
  }

  @Test
  void aRoundIsReadAsItWasWritten() throws IOException {
    Path table = folder.resolve("round/pseudo.csv");
    PseudoLabels round = round(0.7, 9);
    round.write(table);

    PseudoLabels read = PseudoLabels.read(table);

    assertThat(read.digest()).isEqualTo(round.digest());
    assertThat(read.labels())
        .extracting(PseudoLabel::probability)
        .isEqualTo(round.labels().stream().map(PseudoLabel::probability).toList());
    assertThat(Files.readString(table))
        .startsWith("path,person,class,probability,run\n../eval/3.jpg,pseudo:3.jpg,3,0.9");
  }

  @Test
  void aModelOfTheMaskGuessesMasksAlone() throws IOException {
    PredictionTable.Builder table =
        PredictionTable.builder(RUNS.withAttributes(Set.of(Attribute.MASK, Attribute.AGE)));
    for (int i = 0; i < photos.size(); i++) {
      float[] row = new float[FaceClass.COUNT];
      // Of worn masks and people from 30 to 59, or not worn and from 60; gender is not answered.
      row[i % 2 == 0 ? 1 : 14] = 0.5f;
      row[i % 2 == 0 ? 4 : 17] = 0.5f;
      table.add(photos.get(i).id(), row);
    }
    PseudoLabels round = PseudoLabels.builder(photos, table.build()).build();
    Path file = folder.resolve("round/masks.csv");
    round.write(file);

    PseudoLabels read = PseudoLabels.read(file);

    assertThat(read.labels()).isEqualTo(round.labels()).hasSize(5);
    assertThat(read.labels().get(0).guess().displayName()).isEqualTo("worn, from 30 to 59");
    assertThat(read.labels().get(0).probability()).isEqualTo(1);
    assertThat(Files.readString(file)).startsWith("path,person,mask,gender,age,probability,run\n");
  }

  @Test
  void brokenRoundsAreNamed() throws IOException {
    Path table = folder.resolve("eval/pseudo.csv");
    Files.writeString(table, "path,person,class\n1.jpg,pseudo:1.jpg,3\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> PseudoLabels.read(table))
        .withMessageContaining("expected path,person,class,probability,run");
    Files.writeString(table, "path,person,class,probability,run\n1.jpg,anna,3,0.9,run-a\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> PseudoLabels.read(table))
        .withMessageContaining("pseudo.csv:2: person is anna, expected 'pseudo:'");
  }

  @Test
  void predictionsOfNobodyKnowsWhomAreRefused() {
    PredictionTable unknown =
        PredictionTable.builder(PredictionOrigin.unknown()).add("0.jpg", unit()).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PseudoLabels.builder(photos, unknown).build())
        .withMessageContaining("predicting runs are missing, expected predictions that name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> round(0, 1))
        .withMessage("threshold is 0.0, expected above 0 to 1");
  }

  private static float[] unit() {
    float[] row = new float[FaceClass.COUNT];
    row[0] = 1;
    return row;
  }
}
