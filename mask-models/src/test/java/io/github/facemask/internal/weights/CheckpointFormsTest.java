package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of benchmarks/peers/make_checkpoints.py: each is read, or refused by its name. */
class CheckpointFormsTest {

  private static final Path FOLDER = Path.of("src/test/resources/checkpoints");

  /**
   * A row of forms.tsv.
   *
   * @param file the file or folder
   * @param network a small network
   * @param matched how many tensors match; empty if the file is refused
   * @param dictionary the checkpoint's key
   * @param prefix what is taken off the names
   * @param layout whose names it has
   * @param refused a part of the message; empty if the file is read
   */
  record Form(
      String file,
      String network,
      String matched,
      String dictionary,
      String prefix,
      String layout,
      String refused) {

    @Override
    public String toString() {
      return file + " for " + network;
    }
  }

  static List<Form> forms() throws IOException {
    List<Form> forms = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDER.resolve("forms.tsv"))) {
      List<String> cells = Splitter.on('\t').splitToList(line);
      forms.add(
          new Form(
              cells.get(0),
              cells.get(1),
              cells.get(2),
              cells.get(3),
              cells.get(4),
              cells.get(5),
              cells.get(6)));
    }
    return forms.subList(1, forms.size());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isReadOrRefusedByItsName(Form form) throws Exception {
    if (!form.refused.isEmpty()) {
      Throwable refusal = catchThrowable(() -> load(form.file, form.network));

      assertThat(refusal).isInstanceOf(IOException.class).hasMessageContaining(form.refused);
      assertThat(refusal.getMessage())
          .startsWith(FOLDER.resolve(form.file).toString().substring(0, 35))
          .doesNotContain("\n");
      return;
    }
    LoadReport report = load(form.file, form.network).report();

    assertThat(report.matched()).as(report.summary()).hasSize(Integer.parseInt(form.matched));
    assertThat(report.source().dictionary()).isEqualTo(form.dictionary);
    assertThat(report.source().prefix()).isEqualTo(form.prefix);
    assertThat(report.source().layout()).isEqualTo(form.layout);
    assertThat(report.matchedShare()).isGreaterThan(0.9);
  }

  @Test
  void everyFileHasARow() throws IOException {
    Set<String> rows = new HashSet<>();
    forms().forEach(form -> rows.add(form.file));
    try (var files = Files.list(FOLDER)) {
      Set<String> unlisted = new TreeSet<>();
      files.map(f -> f.getFileName().toString()).forEach(unlisted::add);
      unlisted.removeIf(
          f -> rows.stream().anyMatch(row -> row.equals(f) || row.startsWith(f + "/")));
      assertThat(unlisted)
          .containsExactly(
              "forms.tsv",
              "jax_hybrid.timm.safetensors",
              "jax_vit.timm.safetensors",
              "parity.json",
              "torchvision_names.json.gz");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "state_dict.pth, resnet",
    "torchvision_vit.pth, vit",
    "torchvision_vit_old.pth, vit",
    "torchvision_swin.pth, swin",
    "torchvision_efficientnet.pth, efficientnet",
    "efficientnet_pytorch.pth, tf_efficientnet",
    "timm_swin.pth, swin",
    "microsoft_swin.pth, swin",
    "timm_vit.pth, vit",
    "linear_patches.pth, vit",
    "transformers_vit.pth, vit",
    "transformers_swin.pth, swin",
    "transformers_resnet.pth, resnet",
    "jax_vit.npz, vit",
    "jax_vit_target.npz, vit_one",
    "jax_big_vision.npz, vit_one",
    "jax_hybrid.npz, hybrid",
  })
  void theNetworkAnswersAsThePeersModel(String file, String name) throws Exception {
    Network network = SmallNetworks.BY_NAME.get(name);
    JsonNode expected =
        new ObjectMapper().readTree(FOLDER.resolve("parity.json").toFile()).get(file);

    float[] logits = logits(network, load(file, name).tensors());

    assertThat(logits).hasSize(expected.size());
    double largest = 0;
    for (JsonNode value : expected) {
      largest = Math.max(largest, Math.abs(value.asDouble()));
    }
    for (int i = 0; i < logits.length; i++) {
      assertThat((double) logits[i])
          .isCloseTo(expected.get(i).asDouble(), within(1e-4 * Math.max(1, largest)));
    }
  }

  @ParameterizedTest
  @CsvSource({"jax_vit, vit", "jax_hybrid, hybrid"})
  void arraysOfJaxBecomeTimmsTensors(String file, String name) throws Exception {
    Map<String, HostTensor> timm = Safetensors.read(FOLDER.resolve(file + ".timm.safetensors"));

    LoadedWeights loaded = load(file + ".npz", name);

    assertThat(loaded.tensors().keySet()).containsExactlyInAnyOrderElementsOf(timm.keySet());
    loaded
        .tensors()
        .forEach(
            (tensor, values) -> {
              assertThat(values.shape()).as(tensor).isEqualTo(timm.get(tensor).shape());
              assertThat(values.toFloats()).as(tensor).isEqualTo(timm.get(tensor).toFloats());
            });
  }

  /** The real models: each of torchvision's tensors is one of the network's, with its size. */
  @Test
  void everyTensorOfTorchvisionsModelsHasItsPlace() throws IOException {
    JsonNode models;
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(FOLDER.resolve("torchvision_names.json.gz")))) {
      models = new ObjectMapper().readTree(in);
    }
    models
        .properties()
        .forEach(
            model -> {
              Network network = Backbones.get(model.getKey()).network(1000);
              Set<String> theirs = new TreeSet<>();
              model.getValue().fieldNames().forEachRemaining(theirs::add);
              theirs.removeIf(n -> KeyLayout.droppedBecause(n) != null);
              assertThat(KeyLayouts.of(network))
                  .as(model.getKey())
                  .anySatisfy(
                      layout -> {
                        Set<String> ours = new TreeSet<>();
                        layout.entries().forEach(e -> ours.addAll(e.sources()));
                        assertThat(ours).isEqualTo(theirs);
                        layout
                            .entries()
                            .forEach(
                                e ->
                                    assertThat(model.getValue().get(e.sources().get(0)).asLong())
                                        .as(e.spec().name())
                                        .isEqualTo(e.spec().shape().size()));
                      });
            });
    assertThat(models).hasSize(14);
  }

  @Test
  void theWeightsThemselvesAreReadIfAveragesAreNotWanted() throws IOException {
    assertThat(read("model_ema.pth").dictionary()).isEqualTo("model");
    assertThat(read("ema_module.pth").dictionary()).isEqualTo("model");
    assertThat(read("student_teacher.pth").dictionary()).isEqualTo("student");
    assertThatThrownBy(
            () ->
                WeightLoading.of(SmallNetworks.BY_NAME.get("resnet"))
                    .load(read("teacher_prefix.pth")))
        .hasMessageContaining("under \"student.backbone.\" and \"teacher.backbone.\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"few.safetensors", "other_architecture.pth"})
  void anythingIsAcceptedOnRequest(String file) throws IOException {
    Network network = SmallNetworks.BY_NAME.get("resnet");
    ImmutableMap<String, HostTensor> initial = Initialization.random(network, 1);

    LoadedWeights loaded =
        WeightLoading.of(network)
            .withNewHead(initial)
            .withPartial(initial)
            .withLeastMatched(0)
            .withCatalogue(SmallNetworks.BY_NAME::values)
            .load(WeightFile.read(FOLDER.resolve(file)));

    assertThat(loaded.tensors()).hasSameSizeAs(initial);
    assertThat(loaded.report().matchedShare()).isPositive();
  }

  @Test
  void tooFewTensorsAreToldWithBothNumbers() {
    Throwable refusal = catchThrowable(() -> load("few.safetensors", "resnet"));

    assertThat(refusal)
        .hasMessageContaining(
            "matched share is 0.2611 (1 of 72 tensors and 294 of 1,126 numbers of resnet),"
                + " expected 0.9 or more; ");
    assertThat(((WeightMismatchException) refusal).problem().what()).isEqualTo("matchedShare");
    assertThat(((WeightMismatchException) refusal).report().source().prefix())
        .isEqualTo("backbone.");
  }

  @Test
  void theReportTellsWhereTheWeightsAreFrom() throws IOException {
    LoadReport report = load("backbone.safetensors", "resnet").report();

    assertThat(report.source().file()).isEqualTo(FOLDER.resolve("backbone.safetensors"));
    assertThat(report.source().form().words()).isEqualTo("safetensors");
    assertThat(report.counts().matchedTensors()).isEqualTo(72);
    assertThat(report.counts().matchedNumbers()).isEqualTo(report.counts().numbers());
    assertThat(report.dropped())
        .containsEntry(
            "classifier.1.weight", "head of shape (5, 4), the network has [fc.weight, fc.bias]");
    assertThat(report.filled().keySet()).isEqualTo(ImmutableSet.of("fc.weight", "fc.bias"));
    assertThat(load("sharded", "resnet").report().source().files())
        .extracting(f -> f.getFileName().toString())
        .containsExactly(
            "model.safetensors.index.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors");
    assertThat(load("torchvision_efficientnet.pth", "tf_efficientnet").report().notes())
        .singleElement()
        .asString()
        .contains("epsilon");
  }

  private static Weights read(String file) throws IOException {
    return WeightFile.read(FOLDER.resolve(file), Ema.IGNORED);
  }

  private static LoadedWeights load(String file, String name) throws IOException {
    Network network = SmallNetworks.BY_NAME.get(name);
    ImmutableMap<String, HostTensor> initial = Initialization.random(network, 1);
    return WeightLoading.of(network)
        .withNewHead(initial)
        .withPartial(initial)
        .withLeastMatched(WeightLoading.LEAST_MATCHED)
        .withCatalogue(SmallNetworks.BY_NAME::values)
        .load(WeightFile.read(FOLDER.resolve(file)));
  }

  private static float[] logits(Network network, Map<String, HostTensor> weights)
      throws IOException {
    ExportProgram written =
        ExportProgram.write(network, weights, Precision.FLOAT32, Target.of(Device.cpu()));
    try (Program program = Program.load(written.module(), Device.cpu());
        NDManager scope = program.manager().newSubManager()) {
      int size = SmallNetworks.SIZE;
      float[] photo = new float[3 * size * size];
      for (int i = 0; i < photo.length; i++) {
        photo[i] = (float) Math.sin(0.1 * i);
      }
      NDArray input = scope.create(photo, new Shape(1, 3, size, size));
      return program.call(ProgramMethod.FORWARD, input).singletonOrThrow().toFloatArray();
    }
  }
}
