package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Sequential;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightLoadingTest {

  private final Network network = Backbones.get("resnet18").network(18);
  private final ImmutableMap<String, HostTensor> initial = Initialization.random(network, 1);
  private final Map<String, HostTensor> file =
      new LinkedHashMap<>(Initialization.random(network, 2));

  @Test
  void takesAFileThatFits() throws Exception {
    LoadedWeights loaded = WeightLoading.of(network).load(weights(file));

    assertThat(loaded.tensors()).containsExactlyEntriesOf(file);
    assertThat(loaded.report().matched()).containsExactlyElementsOf(file.keySet());
    assertThat(loaded.report().summary()).isEqualTo(file.size() + " tensors matched");
  }

  @Test
  void namesTheFirstThatDoNotFitAndAllInTheReport() {
    for (String layer : ImmutableList.of("layer1.0", "layer1.1", "layer4.0", "layer4.1")) {
      file.remove(layer + ".conv1.weight");
      file.remove(layer + ".conv2.weight");
    }
    file.put("extra", HostTensor.ofLongs(new Shape(), 1));
    file.put("conv1.weight", HostTensor.ofFloats(new Shape(2), new float[2]));

    WeightMismatchException e =
        catchThrowableOfType(
            WeightMismatchException.class, () -> WeightLoading.of(network).load(weights(file)));

    assertThat(e)
        .hasMessageStartingWith("file.pth: does not hold the weights of resnet18 with 18 classes: ")
        .hasMessageContaining("8 missing (layer1.0.conv1.weight, layer1.0.conv2.weight, ")
        .hasMessageContaining(", ...)")
        .hasMessageContaining(
            "2 unexpected (conv1.weight: shape (2), expected (64, 3, 7, 7), extra: INT64(), not in"
                + " the network)")
        .hasMessageContaining("withNewHead");
    assertThat(e.report().missing()).hasSize(8);
    assertThat(e.report().unexpected()).containsOnlyKeys("conv1.weight", "extra");
  }

  @Test
  void aNegativeVarianceIsRefusedByTheNameOfItsTensor() {
    float[] variances = new float[64];
    variances[3] = -1e-3f;
    file.put("bn1.running_var", HostTensor.ofFloats(new Shape(64), variances));

    assertThatThrownBy(() -> WeightLoading.of(network).load(weights(file)))
        .hasMessageContaining("has negative numbers in the variances \"bn1.running_var\"");
  }

  @Test
  void replacesAHeadOfAnotherSizeOnlyIfAllowed() throws Exception {
    file.put("fc.weight", HostTensor.ofFloats(new Shape(1000, 512), new float[512_000]));
    file.put("fc.bias", HostTensor.ofFloats(new Shape(1000), new float[1000]));

    assertThatThrownBy(() -> WeightLoading.of(network).load(weights(file)))
        .hasMessageContaining("fc.weight: shape (1000, 512), expected (18, 512)");
    LoadedWeights loaded = WeightLoading.of(network).withNewHead(initial).load(weights(file));

    assertThat(loaded.tensors().get("fc.weight")).isSameAs(initial.get("fc.weight"));
    assertThat(loaded.tensors().get("fc.bias")).isSameAs(initial.get("fc.bias"));
    assertThat(loaded.tensors().get("conv1.weight")).isSameAs(file.get("conv1.weight"));
    assertThat(loaded.report().dropped())
        .containsExactly(
            Map.entry("fc.weight", "head of shape (1000, 512), expected (18, 512)"),
            Map.entry("fc.bias", "head of shape (1000), expected (18)"));
    assertThat(loaded.report().filled()).containsOnlyKeys("fc.weight", "fc.bias");
  }

  @Test
  void replacesAnAbsentHeadAndDropsOneOfAnotherName() throws Exception {
    file.remove("fc.bias");
    file.put("head.weight", file.remove("fc.weight"));

    LoadedWeights loaded = WeightLoading.of(network).withNewHead(initial).load(weights(file));

    assertThat(loaded.report().dropped()).containsOnlyKeys("head.weight");
    assertThat(loaded.tensors()).hasSameSizeAs(initial);
  }

  @Test
  void keepsAHeadThatFitsThoughANewOneIsAllowed() throws Exception {
    LoadedWeights loaded = WeightLoading.of(network).withNewHead(initial).load(weights(file));

    assertThat(loaded.tensors()).containsExactlyEntriesOf(file);
    assertThat(loaded.report().filled()).isEmpty();
  }

  @Test
  void fillsWhatAPartialFileLacks() throws Exception {
    file.keySet().removeIf(name -> !name.startsWith("layer1."));
    file.put("other", HostTensor.ofLongs(new Shape(), 1));

    LoadedWeights loaded = WeightLoading.of(network).withPartial(initial).load(weights(file));

    assertThat(loaded.report().matched()).hasSize(file.size() - 1);
    assertThat(loaded.report().dropped()).containsExactly(Map.entry("other", "not in the network"));
    assertThat(loaded.report().filled()).hasSize(initial.size() - file.size() + 1);
  }

  @Test
  void convertsTypesAndTakesAbsentBatchCountsAsZero() throws Exception {
    ByteBuffer halves = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    halves.putShort(0, (short) 0x3c00).putShort(126, (short) 0xc000);
    ByteBuffer doubles = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, 0.1);
    file.put("bn1.weight", HostTensor.of(DataType.FLOAT16, new Shape(64), halves));
    file.put("bn1.bias", HostTensor.of(DataType.FLOAT64, new Shape(64), doubles));
    file.put(
        "bn1.num_batches_tracked",
        HostTensor.of(
            DataType.INT32,
            new Shape(),
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 7)));
    file.remove("layer1.0.bn1.num_batches_tracked");

    LoadedWeights loaded = WeightLoading.of(network).load(weights(file));

    assertThat(loaded.tensors().get("bn1.weight").type()).isEqualTo(DataType.FLOAT32);
    assertThat(loaded.tensors().get("bn1.weight").toFloats()).startsWith(1f).endsWith(-2f);
    assertThat(loaded.tensors().get("bn1.bias").toFloats()[0]).isEqualTo(0.1f);
    assertThat(loaded.tensors().get("bn1.num_batches_tracked"))
        .hasToString("INT64()")
        .satisfies(t -> assertThat(t.toDoubles()).containsExactly(7));
    assertThat(loaded.report().filled())
        .containsExactly(Map.entry("layer1.0.bn1.num_batches_tracked", "0"));
  }

  @Test
  void refusesWholeNumbersWhereFloatsBelong() {
    file.put("bn1.bias", HostTensor.ofLongs(new Shape(1), 1));

    assertThatThrownBy(() -> WeightLoading.of(network).load(weights(file)))
        .hasMessageContaining("bn1.bias: INT64(1), expected FLOAT32");
  }

  @Test
  void readsTheOldNamesOfSwinAndDropsDerivedBuffers() throws Exception {
    Network swin =
        new Network(
            "swin",
            Sequential.of(
                "",
                new Linear("layers.1.downsample.reduction", 2, 1, false),
                new Linear("layers.2.downsample.reduction", 2, 1, false),
                new Linear("head.fc", 2, 3, true)),
            3,
            network.preprocessing());
    Map<String, HostTensor> old = new LinkedHashMap<>();
    for (String layer : ImmutableList.of("layers.0.downsample", "layers.1.downsample")) {
      float value = layer.charAt(7);
      old.put(
          layer + ".reduction.weight",
          HostTensor.ofFloats(new Shape(1, 2), new float[] {value, value}));
      old.put(layer + ".reduction.bias", HostTensor.ofFloats(new Shape(1), new float[1]));
    }
    old.put("layers.0.blocks.1.attn_mask", HostTensor.ofFloats(new Shape(1), new float[1]));
    old.put("layers.0.blocks.1.attn.relative_position_index", HostTensor.ofLongs(new Shape(1), 0));
    old.put("head.weight", HostTensor.ofFloats(new Shape(3, 2), new float[6]));
    old.put("head.bias", HostTensor.ofFloats(new Shape(3), new float[3]));

    LoadedWeights loaded = WeightLoading.of(swin).load(weights(old));

    assertThat(loaded.tensors().get("layers.1.downsample.reduction.weight").toFloats()[0])
        .isEqualTo('0');
    assertThat(loaded.tensors().get("layers.2.downsample.reduction.weight").toFloats()[0])
        .isEqualTo('1');
    assertThat(loaded.report().dropped()).hasSize(2);
    assertThat(loaded.report().matched()).hasSize(6);
  }

  @Test
  void namesTheArchitectureOfTheCatalogueThatAFileFits() {
    for (String other : ImmutableList.of("resnet34", "resnet50", "swin_tiny_patch4_window7_224")) {
      Network made = Backbones.get(other).network(1000);
      assertThatThrownBy(
              () ->
                  WeightLoading.of(network)
                      .withNewHead(initial)
                      .withPartial(initial)
                      .withLeastMatched(WeightLoading.LEAST_MATCHED)
                      .withCatalogue(
                          () ->
                              Backbones.names().stream()
                                  .map(name -> Backbones.get(name).network())
                                  .toList())
                      .load(weights(Initialization.random(made, 1))))
          .isInstanceOf(WeightMismatchException.class)
          .hasMessageStartingWith("file.pth: looks like " + other + ", expected resnet18; ");
    }
  }

  @Test
  void aTensorThatTheFileLacksIsFilledAndTold() throws Exception {
    file.remove("layer1.0.bn1.running_var");
    file.put("layer1.1.bn1.weight", HostTensor.ofFloats(new Shape(3), new float[3]));

    LoadReport report =
        WeightLoading.of(network)
            .withPartial(initial)
            .withLeastMatched(WeightLoading.LEAST_MATCHED)
            .load(weights(file))
            .report();

    assertThat(report.filled()).containsOnlyKeys("layer1.0.bn1.running_var", "layer1.1.bn1.weight");
    assertThat(report.dropped()).containsEntry("layer1.1.bn1.weight", "shape (3), expected (64)");
    assertThat(report.notes()).singleElement().asString().contains("running statistics");
    assertThat(report.counts().matchedTensors()).isEqualTo(report.counts().tensors() - 2);
    assertThat(report.matchedShare()).isBetween(0.9999, 0.999999);
  }

  @Test
  void oneNumberThatIsNotFiniteIsFoundWhereverItIs() {
    for (int at : new int[] {0, 9_000, 9_407}) {
      float[] values = new float[9_408];
      values[at] = at == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
      file.put("conv1.weight", HostTensor.ofFloats(new Shape(64, 3, 7, 7), values));

      assertThatThrownBy(() -> WeightLoading.of(network).load(weights(file)))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("in tensor \"conv1.weight\" (1 of its 9408 numbers)");
    }
  }

  @Test
  void thePrefixIsTheOneWhoseTensorsHaveTheShapes() throws Exception {
    Map<String, HostTensor> two = new LinkedHashMap<>();
    file.forEach(
        (name, tensor) -> {
          two.put("other." + name, HostTensor.ofFloats(new Shape(1), new float[1]));
          two.put("own.net." + name, tensor);
        });
    two.remove("own.net.layer1.0.bn1.num_batches_tracked");

    LoadReport report = WeightLoading.of(network).load(weights(two)).report();

    assertThat(report.source().prefix()).isEqualTo("own.net.");
    assertThat(report.matched()).hasSize(file.size() - 1);
    assertThat(report.dropped())
        .hasSize(file.size())
        .containsEntry("other.conv1.weight", "outside \"own.net.\"");
  }

  private static Weights weights(Map<String, HostTensor> tensors) {
    return Weights.of(
        Path.of("file.pth"), WeightForm.TORCH_ZIP, Ema.PREFERRED, ImmutableMap.copyOf(tensors));
  }
}
