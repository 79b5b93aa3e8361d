package io.github.facemask.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.combination.Voter;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.Prior;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleTest {

  @TempDir static Path folder;

  private static ModelFolder first;
  private static ModelFolder second;

  @BeforeAll
  static void writeModels() throws IOException {
    first = model("first", 1, "anna", "ben");
    second = model("second", 2, "ben", "cleo");
  }

  private static ModelFolder model(String name, long seed, String... people) throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    return ModelFolder.write(
        folder.resolve(name),
        network,
        Initialization.random(network, seed),
        new ModelOrigin(
            new RunId(name),
            Digest.ofText("training"),
            Digest.ofText("validation"),
            ImmutableList.copyOf(people),
            3));
  }

  /** A table in which each photo is surely of the class given for it. */
  private static PredictionTable sure(List<String> ids, int... classes) {
    PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
    for (int i = 0; i < classes.length; i++) {
      float[] row = new float[FaceClass.COUNT];
      row[classes[i]] = 1;
      table.add(ids.get(i), row);
    }
    return table.build();
  }

  @Test
  void votesAreWeightedAndMatchedByPhotoNotByRow() {
    Ensemble ensemble = Ensemble.of(List.of(new Member(first, 3), new Member(second, 1)));

    PredictionTable together =
        ensemble.combine(List.of(sure(List.of("a", "b"), 0, 5), sure(List.of("b", "a"), 5, 17)));

    assertThat(together.ids()).containsExactly("a", "b");
    assertThat(together.probability(0, 0)).isCloseTo(0.75f, within(1e-6f));
    assertThat(together.probability(0, 17)).isCloseTo(0.25f, within(1e-6f));
    assertThat(together.probability(1, 5)).isCloseTo(1f, within(1e-6f));
    assertThat(together.origin().runs()).containsExactly("first", "second");
    assertThat(together.origin().models())
        .containsExactly(first.weightsDigest(), second.weightsDigest());
  }

  @Test
  void theTemperatureOfAMemberIsNotOfThePrior() {
    Member plain = new Member(first, 1);
    Ensemble ensemble =
        Ensemble.of(
            List.of(new Member(plain.model(), new Voter(1, 0.5, Optional.empty()), plain.view())));
    float[] row = new float[FaceClass.COUNT];
    row[0] = 0.6f;
    row[6] = 0.3f;
    row[12] = 0.1f;
    PredictionTable own = PredictionTable.builder(PredictionOrigin.unknown()).add("a", row).build();
    Prior training = Prior.of(Set.of(Attribute.MASK), 0.5, 0.25, 0.25);
    Prior target = Prior.of(Set.of(Attribute.MASK), 0.1, 0.1, 0.8);

    PredictionTable together = ensemble.combine(List.of(own), List.of(training), target);

    // At temperature 0.5: 0.36, 0.09, 0.01; with the factors 0.2, 0.4, 3.2: 0.072, 0.036, 0.032.
    assertThat(together.probability(0, 0)).isCloseTo(0.072f / 0.14f, within(1e-6f));
    assertThat(together.probability(0, 6)).isCloseTo(0.036f / 0.14f, within(1e-6f));
    assertThat(together.probability(0, 12)).isCloseTo(0.032f / 0.14f, within(1e-6f));
    assertThat(together.origin().prior()).contains(target);
    List<PredictionTable> corrected = ensemble.corrected(List.of(own), List.of(training), target);
    assertThatThrownBy(() -> ensemble.combine(corrected))
        .hasMessageContaining("table is corrected for other shares of the labels");
  }

  @Test
  void aPriorOfOtherAttributesIsRefused() throws IOException {
    Network network =
        Backbones.get("resnet18")
            .withInputSize(32, 32)
            .withAttributes(ImmutableSet.of(Attribute.MASK))
            .network();
    Ensemble masks =
        Ensemble.ofEqual(
            List.of(
                ModelFolder.write(
                    folder.resolve("masks"),
                    network,
                    Initialization.random(network, 3),
                    first.origin())));
    Prior genders = Prior.of(Set.of(Attribute.GENDER), 1, 1);

    assertThatThrownBy(() -> masks.refuseOtherPrior(List.of(Prior.uniform()), genders))
        .hasMessage(
            "prior is shares of gender, expected shares of what the model answers, which is mask");
    assertThatThrownBy(() -> masks.refuseOtherPrior(List.of(genders), Prior.uniform()))
        .hasMessage(
            "training prior is shares of gender, expected shares of mask, as the prior has them");
    masks.refuseOtherPrior(List.of(Prior.uniform()), Prior.uniform());
  }

  @Test
  void tablesOfOtherPhotosAreRefused() {
    Ensemble ensemble = Ensemble.ofEqual(List.of(first, second));

    assertThatThrownBy(
            () -> ensemble.combine(List.of(sure(List.of("a"), 0), sure(List.of("b"), 0))))
        .hasMessageContaining("did not predict photo a");
    assertThatThrownBy(() -> ensemble.combine(List.of(sure(List.of("a"), 0))))
        .hasMessageContaining("1 tables for 2 members");
  }

  @Test
  void peopleThatAMemberLearnedFromCannotJudge() {
    Ensemble ensemble = Ensemble.ofEqual(List.of(first, second));

    ensemble.refuseSeenPeople(List.of("dora"));
    assertThatThrownBy(() -> ensemble.refuseSeenPeople(List.of("dora", "cleo")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cleo")
        .hasMessageContaining("second")
        .hasMessageContaining("1 of these 2 people");
  }

  @Test
  void theSameWeightsTwiceAreRefused() {
    assertThatThrownBy(() -> Ensemble.ofEqual(List.of(first, first)))
        .hasMessageContaining("weights of another member");
    assertThatThrownBy(() -> new Member(first, 0)).hasMessageContaining("is 0.0");
    assertThatThrownBy(() -> Ensemble.of(List.of())).hasMessageContaining("no members");
  }

  @Test
  void aWrittenEnsembleOpensTheSameElsewhere() throws IOException {
    Path written = folder.resolve("ensemble");
    Ensemble.of(List.of(new Member(first, 3), new Member(second, 1))).write(written);
    Path moved = Files.move(written, folder.resolve("moved"));

    Ensemble opened = Ensemble.open(moved);
    assertThat(opened.members()).extracting(Member::weight).containsExactly(3.0, 1.0);
    assertThat(opened.members())
        .extracting(m -> m.model().origin())
        .containsExactly(first.origin(), second.origin());
    assertThat(((ModelFolder) opened.members().get(0).model()).weights())
        .hasSameSizeAs(first.weights());
    assertThatThrownBy(() -> Ensemble.of(opened.members()).write(moved))
        .hasMessageContaining("exists already");
  }

  @Test
  void anExchangedMemberIsNamed() throws IOException {
    Path written = folder.resolve("exchanged");
    Ensemble.ofEqual(List.of(first)).write(written);
    for (String file : List.of("model.json", "weights.safetensors")) {
      Files.copy(
          second.path().resolve(file),
          written.resolve("members/0").resolve(file),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    assertThatThrownBy(() -> Ensemble.open(written))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("members")
        .hasMessageContaining("exchanged");
  }

  @Test
  void aMemberOutsideTheFolderIsRefused() throws IOException {
    Path written = folder.resolve("escaping");
    Ensemble.ofEqual(List.of(first)).write(written);
    Path manifest = written.resolve("ensemble.json");
    Files.writeString(manifest, Files.readString(manifest).replace("members/0", "../first"));

    assertThatThrownBy(() -> Ensemble.open(written)).hasMessageContaining("outside its folder");
  }

  @Test
  void aModelKeepsItsCardAndRefusesChangedWeights() throws IOException {
    ModelFolder written = model("card", 5, "anna");
    ModelFolder opened = ModelFolder.open(written.path());

    assertThat(opened).isEqualTo(written);
    Files.write(opened.weightsFile(), new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
    assertThatThrownBy(opened::weights)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("weights.safetensors")
        .hasMessageContaining("was changed");
  }

  @Test
  void aFolderOfSomethingElseIsNamed() {
    assertThatThrownBy(() -> Ensemble.open(folder.resolve("nothing")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("neither a model, a run, an exported program nor an ensemble");
  }
}
