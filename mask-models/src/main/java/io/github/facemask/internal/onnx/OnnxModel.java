package io.github.facemask.internal.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import com.google.protobuf.CodedOutputStream;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.onnx.OnnxGraph.Attributes;
import io.github.facemask.internal.passes.GraphPlan;
import io.github.facemask.internal.passes.NetworkGroup;
import io.github.facemask.internal.passes.NetworkGroup.Part;
import io.github.facemask.internal.passes.Plan;
import io.github.facemask.internal.passes.VoteWriter;
import io.github.facemask.internal.passes.VoteWriter.Answer;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.Environment;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Networks with their weights as an ONNX model in float32. Its input is {@value #PHOTOS}, uint8 (N,
 * H, W, 3) of any N; the normalisation is inside. Its outputs are {@value #PROBABILITIES} (N,
 * labels), {@value #LOGITS} (N, labels), and {@value #YEARS} (N, 1) if the age in years is
 * answered. The logits of several networks are the logarithms of their common probabilities.
 * Immutable.
 *
 * @param proto the model
 * @param explanation one line for each part of it
 */
public record OnnxModel(ModelProto proto, ImmutableList<String> explanation) {

  /** The name of the input. */
  public static final String PHOTOS = "photos";

  /** The name of the output of probabilities. */
  public static final String PROBABILITIES = "probabilities";

  /** The name of the output of logits. */
  public static final String LOGITS = "logits";

  /** The name of the output of expected ages. */
  public static final String YEARS = "years";

  /** The version of the operators: the first that has layer norms. */
  public static final int OPSET = 17;

  /** The version of the file format that belongs to the operators. */
  private static final int IR_VERSION = 8;

  private static final double LEAST = 1e-30;

  /**
   * Writes a model.
   *
   * @param group the networks and their vote
   * @param metadata what the file says about itself, by key
   * @return the model
   */
  public static OnnxModel write(NetworkGroup group, Map<String, String> metadata) {
    OnnxGraph graph = new OnnxGraph("facemask");
    Preprocessing input = group.preprocessing();
    graph.photos(PHOTOS, input.height(), input.width(), 3);
    List<String> explanation = new ArrayList<>();
    Map<String, String> logits = new HashMap<>();
    List<Answer> answers = new ArrayList<>();
    for (int m = 0; m < group.parts().size(); m++) {
      answers.add(member(graph, group, m, logits, explanation));
    }
    Answer answer;
    String scores;
    if (group.isSingle()) {
      answer = answers.get(0);
      scores = logits.values().iterator().next();
    } else {
      answer = new VoteWriter(new OnnxVote(graph), group).write(answers);
      String bounded = graph.add("Max", "vote", answer.probabilities(), graph.scalar(LEAST));
      scores = graph.add("Log", "vote", bounded);
      explanation.add(group.vote().combination().displayName() + " of " + answers.size());
    }
    graph.output(PROBABILITIES, answer.probabilities(), group.classes());
    graph.output(LOGITS, scores, group.classes());
    answer.years().ifPresent(years -> graph.output(YEARS, years, 1));
    explanation.add(String.format(Locale.ROOT, "%d nodes, opset %d", graph.size(), OPSET));
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("facemask")
            .setProducerVersion(Environment.libraryVersion())
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph.build());
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return new OnnxModel(model.build(), ImmutableList.copyOf(explanation));
  }

  /**
   * Writes the model to a file.
   *
   * @param file the file; an older one is replaced
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          CodedOutputStream coded = CodedOutputStream.newInstance(out);
          proto.writeTo(coded);
          coded.flush();
        });
  }

  private static Answer member(
      OnnxGraph graph,
      NetworkGroup group,
      int member,
      Map<String, String> logits,
      List<String> explanation) {
    Part part = group.placed(member);
    Plan plan = GraphPlan.of(part.network(), part.weights());
    String name = group.isSingle() ? "" : group.name(member);
    NetworkNodes nodes = new NetworkNodes(graph, plan);
    String pixels = normalized(graph, part, name);
    String scores = nodes.write(plan.steps(), pixels);
    logits.put(name, scores);
    explanation.add(part.network().architecture() + " with batch norms and constants folded");
    String path = name.isEmpty() ? "head" : name + ".head";
    String probabilities = graph.add("Softmax", path, Attributes.of("axis", 1), scores);
    return new Answer(probabilities, nodes.years());
  }

  /** From uint8 (N, H, W, 3) to normalised float32 (N, 3, H, W). */
  private static String normalized(OnnxGraph graph, Part part, String name) {
    Preprocessing preprocessing = part.network().preprocessing();
    String path = name.isEmpty() ? "input" : name + ".input";
    String photos = part.mirrored() ? mirrored(graph, path) : PHOTOS;
    float[] scale = new float[3];
    float[] shift = new float[3];
    for (int c = 0; c < 3; c++) {
      double std = preprocessing.std().get(c);
      scale[c] = (float) (1 / (255 * std));
      shift[c] = (float) (-preprocessing.mean().get(c) / std);
    }
    String floats =
        graph.add("Cast", path, Attributes.of("to", TensorProto.DataType.FLOAT_VALUE), photos);
    String scaled = graph.add("Mul", path, floats, channels(graph, path + ".scale", scale));
    String shifted = graph.add("Add", path, scaled, channels(graph, path + ".shift", shift));
    return graph.add("Transpose", path, Attributes.ofLongs("perm", 0, 3, 1, 2), shifted);
  }

  private static String channels(OnnxGraph graph, String name, float[] values) {
    return graph.tensor(name, HostTensor.ofFloats(new Shape(3), values));
  }

  private static String mirrored(OnnxGraph graph, String path) {
    return graph.add(
        "Slice",
        path,
        PHOTOS,
        graph.longs(-1),
        graph.longs(Long.MIN_VALUE),
        graph.longs(2),
        graph.longs(-1));
  }
}
