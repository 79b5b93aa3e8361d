package io.github.facemask.internal.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.combination.Voter;
import io.github.facemask.internal.onnx.OnnxClassifier;
import io.github.facemask.internal.onnx.OnnxModel;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.passes.NetworkGroup.Part;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.Target;
import io.github.facemask.network.Heads;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs of several networks against the vote over the answers of each. */
class NetworkGroupTest {

  private static final int SIZE = 48;
  private static final int PHOTOS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Combination.class,
      names = {"SOFT_VOTE", "HARD_VOTE", "GEOMETRIC_MEAN"})
  void aProgramVotesAsTheTablesDo(Combination combination) throws IOException {
    Part first = part(network("resnet18", Heads.CLASSES), 1, false);
    Part mirrored = new Part(first.network(), first.weights(), true);
    Part other = part(network("vit_tiny_patch16_224", Heads.ATTRIBUTES), 2, false);

    check(
        new NetworkGroup(
            ImmutableList.of(first, mirrored, other),
            Vote.of(
                combination,
                List.of(
                    Voter.of(2),
                    Voter.of(1).withTemperature(1.7),
                    Voter.of(0.5).withTemperature(0.6)))));
  }

  @Test
  void theAgeInYearsIsTheMeanOfTheMembers() throws IOException {
    check(
        new NetworkGroup(
            ImmutableList.of(
                part(network("resnet18", Heads.YEARS), 1, false),
                part(network("resnet18", Heads.YEARS), 5, true)),
            Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(3), Voter.of(1)))));
  }

  @Test
  void modelsOfOneAttributeEachAnswerAllTogether() throws IOException {
    check(
        new NetworkGroup(
            ImmutableList.of(
                part(network("resnet18", Heads.CLASSES, Attribute.MASK), 1, false),
                part(network("resnet18", Heads.CLASSES, Attribute.GENDER), 2, true),
                part(network("resnet18", Heads.YEARS, Attribute.GENDER, Attribute.AGE), 3, false),
                part(network("resnet18", Heads.CLASSES), 4, false)),
            Vote.of(
                Combination.BY_ATTRIBUTE,
                List.of(
                    new Voter(1, 1.3, Optional.of(Attribute.MASK)),
                    new Voter(1, 1, Optional.of(Attribute.GENDER)),
                    new Voter(2, 1, Optional.of(Attribute.AGE)),
                    new Voter(1, 0.8, Optional.of(Attribute.GENDER))))));
  }

  @Test
  void modelsOfFewerAttributesVoteOnThoseAlone() throws IOException {
    check(
        new NetworkGroup(
            ImmutableList.of(
                part(network("resnet18", Heads.CLASSES, Attribute.MASK, Attribute.AGE), 1, false),
                part(network("resnet18", Heads.YEARS, Attribute.MASK, Attribute.AGE), 2, false)),
            Vote.of(
                Combination.GEOMETRIC_MEAN, List.of(Voter.of(1), Voter.of(1).withTemperature(2)))));
  }

  @Test
  void normalisedPhotosAreGivenToEachMemberInItsOwnNormalisation() throws IOException {
    Network network = network("resnet18", Heads.CLASSES);
    Network other = network("vit_tiny_patch16_224", Heads.CLASSES);
    assertThat(other.preprocessing().mean()).isNotEqualTo(network.preprocessing().mean());
    NetworkGroup group =
        new NetworkGroup(
            ImmutableList.of(part(network, 1, false), part(other, 2, true)),
            Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(1), Voter.of(1))));
    try (ExportedProgram program = program(group, Target.CPU);
        NDManager scope = program.manager().newSubManager()) {
      NDArray photos = photos(scope);
      float[] expected = program.classify(photos).toFloatArray();
      NDArray normal =
          photos
              .toType(DataType.FLOAT32, true)
              .div(255)
              .sub(channels(scope, group.preprocessing().mean()))
              .div(channels(scope, group.preprocessing().std()))
              .transpose(0, 3, 1, 2);
      assertThat(program.classify(normal).toFloatArray()).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void whatOneProgramCannotComputeIsRefusedWithWhatToDo() {
    Part small = part(network("resnet18", Heads.CLASSES), 1, false);
    Network wide = Backbones.get("resnet18").withInputSize(SIZE, 64).network();
    Vote soft = Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(1), Voter.of(1)));
    ImmutableList<Part> sizes = ImmutableList.of(small, part(wide, 2, false));
    assertThatThrownBy(() -> new NetworkGroup(sizes, soft))
        .hasMessageContaining("48 x 48 pixels")
        .hasMessageContaining("48 x 64 pixels")
        .hasMessageContaining("train or choose members of one size");

    Vote ranks = Vote.of(Combination.RANK_MEAN, soft.voters());
    ImmutableList<Part> two =
        ImmutableList.of(small, part(network("resnet18", Heads.YEARS), 2, false));
    assertThatThrownBy(() -> new NetworkGroup(two, ranks))
        .hasMessageContaining("rank mean")
        .hasMessageContaining("make the ensemble with a soft vote");

    Vote hard = Vote.of(Combination.HARD_VOTE, soft.voters());
    Network mask = network("resnet18", Heads.CLASSES, Attribute.MASK);
    ImmutableList<Part> masks = ImmutableList.of(part(mask, 1, false), part(mask, 2, false));
    assertThatThrownBy(() -> new NetworkGroup(masks, hard))
        .hasMessageContaining("members of a hard vote answer mask")
        .hasMessageContaining("soft vote");
  }

  private void check(NetworkGroup group) throws IOException {
    float[][] expected = voted(group);
    for (Target target : Target.values()) {
      try (ExportedProgram program = program(group, target)) {
        compare(program, expected);
      }
    }
    Path file = folder.resolve("model.onnx");
    OnnxModel.write(group, Map.of()).write(file);
    try (OnnxClassifier onnx =
        OnnxClassifier.load(file, group.attributes(), group.answersYears())) {
      compare(onnx, expected);
    }
  }

  private static void compare(PhotoClassifier found, float[][] expected) {
    try (NDManager scope = found.manager().newSubManager()) {
      float[] all = found.classify(photos(scope)).toFloatArray();
      int columns = expected[0].length;
      assertThat(all).hasSize(PHOTOS * columns);
      for (int row = 0; row < PHOTOS; row++) {
        for (int c = 0; c < columns; c++) {
          assertThat(all[row * columns + c])
              .as("photo %s, column %s", row, c)
              .isCloseTo(expected[row][c], within(c == 18 ? 1e-3f : 1e-5f));
        }
      }
    }
  }

  /** The vote of the host over the answers of each member's own program. */
  private static float[][] voted(NetworkGroup group) throws IOException {
    List<float[]> answers = new ArrayList<>();
    for (Part part : group.parts()) {
      try (ExportedProgram program =
              ExportedProgram.load(
                  part.network(), part.weights(), Device.cpu(), Precision.FLOAT32);
          NDManager scope = program.manager().newSubManager()) {
        NDArray photos = photos(scope);
        answers.add(program.classify(part.mirrored() ? photos.flip(2) : photos).toFloatArray());
      }
    }
    float[][] voted = new float[PHOTOS][];
    for (int row = 0; row < PHOTOS; row++) {
      List<float[]> classes = new ArrayList<>();
      List<Float> years = new ArrayList<>();
      for (float[] answer : answers) {
        int columns = answer.length / PHOTOS;
        classes.add(Arrays.copyOfRange(answer, row * columns, row * columns + 18));
        years.add(columns == 19 ? answer[row * columns + 18] : Float.NaN);
      }
      voted[row] = Arrays.copyOf(group.vote().row(classes), group.answersYears() ? 19 : 18);
      if (group.answersYears()) {
        voted[row][18] = group.vote().years(years);
      }
    }
    return voted;
  }

  private static ExportedProgram program(NetworkGroup group, Target target) throws IOException {
    ExportProgram written = ExportProgram.write(group, Precision.FLOAT32, target);
    return ExportedProgram.of(
        Program.load(written.module(), Device.cpu()), group.attributes(), group.answersYears());
  }

  private static Part part(Network network, long seed, boolean mirrored) {
    Map<String, HostTensor> weights = FormulaTensors.of(network, seed, 1);
    return new Part(network, weights, mirrored);
  }

  /** All see the same photos: the crop is the first's, the normalisation each one's own. */
  private static Network network(String name, Heads heads, Attribute... attributes) {
    Preprocessing crop = Backbones.get("resnet18").withInputSize(SIZE, SIZE).preprocessing();
    Preprocessing own = Backbones.get(name).preprocessing();
    return Backbones.get(name)
        .withPreprocessing(
            new Preprocessing(
                SIZE,
                SIZE,
                own.mean(),
                own.std(),
                crop.interpolation(),
                crop.cropRatio(),
                crop.cropMode()))
        .withHeads(heads)
        .withAttributes(
            attributes.length == 0
                ? ImmutableSet.copyOf(Attribute.values())
                : ImmutableSet.copyOf(attributes))
        .network();
  }

  private static NDArray channels(NDManager scope, List<Double> values) {
    float[] each = {
      values.get(0).floatValue(), values.get(1).floatValue(), values.get(2).floatValue()
    };
    return scope.create(each);
  }

  private static NDArray photos(NDManager scope) {
    byte[] pixels = new byte[PHOTOS * SIZE * SIZE * 3];
    new Random(4).nextBytes(pixels);
    return scope.create(ByteBuffer.wrap(pixels), new Shape(PHOTOS, SIZE, SIZE, 3), DataType.UINT8);
  }
}
