package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.passes.NetworkGroup.Part;
import io.github.facemask.internal.passes.VoteWriter.Answer;
import io.github.facemask.internal.program.InferenceProgram;
import io.github.facemask.internal.program.PhotoInput;
import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.model.Target;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes several networks and their vote as one {@link ExportProgram}. Each network is a method of
 * the program; {@code forward} calls them and returns the logarithms of the common probabilities.
 */
final class GroupProgram {

  /** Below it a probability counts as this, so that its logarithm is finite. */
  private static final double LEAST = 1e-30;

  private final NetworkGroup group;
  private final Precision precision;
  private final Target target;
  private final ScriptModule.Builder module = ScriptModule.builder();
  private final PackedWeights packed = new PackedWeights();
  private final List<String> explanation = new ArrayList<>();

  private GroupProgram(NetworkGroup group, Precision precision, Target target) {
    this.group = group;
    this.precision = precision;
    this.target = target;
  }

  static ExportProgram write(NetworkGroup group, Precision precision, Target target) {
    return new GroupProgram(group, precision, target).write();
  }

  private ExportProgram write() {
    List<String> members = new ArrayList<>();
    for (int m = 0; m < group.parts().size(); m++) {
      if (group.first(m) == m) {
        members.add(member(m));
      }
    }
    PackedWeights.attributes().forEach(module::tensorList);
    module.method(packed.method());
    members.forEach(module::method);
    module.method(ProgramMethod.FORWARD.signature("photos: Tensor", "Tensor") + vote());
    InferenceProgram.addClassify(module, group.classes(), group.answersYears());
    explanation.add(
        String.format(
            Locale.ROOT,
            "%s of %d models in one program",
            group.vote().combination().displayName(),
            group.parts().size()));
    explanation.add(packed.size() + " weights packed for oneDNN");
    return new ExportProgram(module.build(), ImmutableList.copyOf(explanation));
  }

  /** Writes the method of a network, from photos to its logits. */
  private String member(int m) {
    Part part = group.placed(m);
    Plan plan = ExportProgram.plan(part.network(), part.weights(), explanation);
    Statements statements = new Statements(precision, true);
    Kernels kernels = new FloatKernels(statements, target, packed);
    Value logits =
        new PlanWriter(statements, kernels)
            .write(plan.steps(), Value.ofFloats(PhotoInput.FEATURES));
    ExportProgram.addWeights(module, plan, part.network().headNames(), precision);
    return "def "
        + method(m)
        + "(self: __torch__.Program, photos: Tensor) -> Tensor:\n"
        + packed.choice()
        + PhotoInput.statements(
            part.network().preprocessing(), precision, MemoryLayout.CHANNELS_LAST)
        + statements.code()
        + "  return "
        + logits.variable()
        + "\n";
  }

  /** The name of a network's method, which must differ from that of its tensors. */
  private String method(int m) {
    return "logits_of_" + group.name(m);
  }

  private String vote() {
    Statements statements = new Statements(Precision.FLOAT32, true);
    List<Answer> answers = new ArrayList<>();
    for (int m = 0; m < group.parts().size(); m++) {
      Part part = group.parts().get(m);
      String seen = view(part, m, statements);
      String logits = statements.set("%s", "(self)." + method(m) + "(" + seen + ", )");
      long classes = part.network().classes();
      boolean years = part.network().answersYears();
      String labels = years ? statements.set("torch.slice(%s, 1, 0, %d)", logits, classes) : logits;
      answers.add(
          new Answer(
              statements.set("torch.softmax(%s, 1)", labels),
              years
                  ? Optional.of(statements.set("torch.slice(%s, 1, %d)", logits, classes))
                  : Optional.empty()));
    }
    Answer answer = new VoteWriter(new ScriptVote(statements), group).write(answers);
    String logP =
        statements.set("torch.log(torch.clamp_min(%s, %s))", answer.probabilities(), LEAST);
    String all =
        answer.years().map(y -> statements.set("torch.cat([%s, %s], 1)", logP, y)).orElse(logP);
    return statements.code() + "  return " + all + "\n";
  }

  /**
   * Writes what a member sees: photos mirrored, and normalised ones in its own normalisation, as
   * they come in that of the first.
   */
  private String view(Part part, int m, Statements statements) {
    Preprocessing from = group.preprocessing();
    Preprocessing to = part.network().preprocessing();
    boolean same = from.mean().equals(to.mean()) && from.std().equals(to.std());
    if (same && !part.mirrored()) {
      return "photos";
    }
    StringBuilder scale = new StringBuilder();
    StringBuilder shift = new StringBuilder();
    for (int c = 0; c < 3; c++) {
      String comma = c == 0 ? "" : ", ";
      scale.append(comma).append(from.std().get(c) / to.std().get(c));
      shift.append(comma).append((from.mean().get(c) - to.mean().get(c)) / to.std().get(c));
    }
    statements.add(
        """
          if torch.eq(ops.prim.dtype(photos), %2$d):
            seen%1$d = %3$s
          else:
            seen%1$d = torch.add(torch.mul(%4$s, %5$s), %6$s)
        """
            .formatted(
                m,
                ScalarType.UINT8.code(),
                part.mirrored() ? "torch.flip(photos, [2])" : "photos",
                part.mirrored() ? "torch.flip(photos, [3])" : "photos",
                channels(scale),
                channels(shift)));
    return "seen" + m;
  }

  private static String channels(StringBuilder numbers) {
    return "torch.reshape(torch.tensor([%s], dtype=%d, device=photos.device), [1, 3, 1, 1])"
        .formatted(numbers, ScalarType.FLOAT32.code());
  }

  /** Writes the operations of a vote as TorchScript. */
  private record ScriptVote(Statements statements) implements VoteOperations {

    @Override
    public String reshape(String x, long... sizes) {
      return statements.set("torch.reshape(%s, %s)", x, list(sizes));
    }

    @Override
    public String softmax(String x) {
      return statements.set("torch.softmax(%s, 1)", x);
    }

    @Override
    public String log(String x) {
      return statements.set("torch.log(%s)", x);
    }

    @Override
    public String scale(String x, double factor) {
      return statements.set("torch.mul(%s, %s)", x, factor);
    }

    @Override
    public String add(String x, String y) {
      return statements.set("torch.add(%s, %s)", x, y);
    }

    @Override
    public String multiply(String x, String y) {
      return statements.set("torch.mul(%s, %s)", x, y);
    }

    @Override
    public String divide(String x, String y) {
      return statements.set("torch.div(%s, %s)", x, y);
    }

    @Override
    public String sum(String x, long... dimensions) {
      return statements.set("torch.sum(%s, %s, True)", x, list(dimensions));
    }

    @Override
    public String atLeast(String x, double bound) {
      return statements.set("torch.clamp_min(%s, %s)", x, bound);
    }

    @Override
    public String largest(String x) {
      return statements.set(
          "%s",
          ScalarType.FLOAT32.cast(
              "torch.one_hot(torch.argmax(" + x + ", 1), torch.size(" + x + ", 1))"));
    }

    @Override
    public String spread(String x, long... sizes) {
      return statements.set("torch.expand(%s, %s)", x, list(sizes));
    }

    private static String list(long... values) {
      return Arrays.toString(values);
    }
  }
}
