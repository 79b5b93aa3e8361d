package io.github.facemask.cli.model;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.parity.GoldenCase;
import io.github.facemask.internal.parity.ParityErrors;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.MemoryLayout;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares a backbone with timm. */
@Command(
    name = "verify-backbone",
    header = "Compares a backbone with a reference of timm.",
    description = {
      "Compares a backbone with a reference of timm: logits, layers' outputs, training loss and",
      "gradient norms, all in float32. Exit code 2 if an error exceeds the tolerance."
    },
    footer = {"", "Example: mask verify-backbone --golden resnet18-224-seed1.json"})
public final class VerifyBackboneCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(names = "--golden", required = true, paramLabel = "FILE", description = "The reference.")
  Path golden;

  @Option(
      names = "--tolerance",
      defaultValue = "1e-4",
      description = {
        "Largest relative error of logits, outputs and loss; ten times it",
        "for gradient norms (default: ${DEFAULT-VALUE})."
      })
  double tolerance;

  @Option(names = "--forward-only", description = "Leave out loss and gradients.")
  boolean forwardOnly;

  @Option(
      names = "--layout",
      defaultValue = "CONTIGUOUS",
      description =
          "Memory layout of features: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  MemoryLayout layout;

  @Override
  public Integer call() throws Exception {
    check(tolerance > 0, "tolerance", tolerance, "above 0");
    GoldenCase reference = GoldenCase.read(golden);
    Network network =
        Backbones.get(reference.model())
            .withInputSize(reference.inputSize(), reference.inputSize())
            .network(reference.classes());
    ParityErrors errors = reference.compare(network, layout, forwardOnly);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "%s at %d pixels%n", reference.model(), reference.inputSize());
    boolean good = print(out, "logits", errors.logits(), tolerance);
    good &= print(out, "layers' outputs", errors.worstProbe(), tolerance);
    if (!forwardOnly) {
      good &= print(out, "training loss", errors.loss(), tolerance);
      good &= print(out, "gradient norms", errors.worstGradientNorm(), 10 * tolerance);
    }
    return good ? 0 : 2;
  }

  private static boolean print(PrintWriter out, String what, double error, double limit) {
    boolean good = error <= limit;
    out.printf(
        Locale.ROOT,
        "  %-16s largest relative error %.2e  %s %.0e%n",
        what,
        error,
        good ? "within" : "BEYOND",
        limit);
    return good;
  }
}
