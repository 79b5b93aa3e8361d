package io.github.facemask.cli.options;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.network.Heads;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which network learns, from which weights, and how much of it. */
@HelpHeading(HelpHeading.Heading.NETWORK)
public final class BackboneOptions {

  @Option(
      names = "--backbone",
      defaultValue = "resnet18",
      description = "See 'mask models' (default: ${DEFAULT-VALUE}).")
  String name;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = {
        "Weights to start from: safetensors or a PyTorch file; a head of another size",
        "is left out (default: random weights)."
      })
  public Path weights;

  @Option(
      names = "--size",
      defaultValue = "0",
      paramLabel = "PIXELS",
      description = "Input side; 0 for the backbone's own (default: ${DEFAULT-VALUE}).")
  public int size;

  @Option(
      names = "--heads",
      defaultValue = "CLASSES",
      description = {
        "${COMPLETION-CANDIDATES}: a logit for each class, or heads for mask, gender",
        "and age whose probabilities multiply (default: ${DEFAULT-VALUE})."
      })
  Heads heads;

  @Option(
      names = "--freeze",
      defaultValue = "0",
      paramLabel = "STAGES",
      description = {
        "Stages that do not learn: 1 the stem, 2 the stem and the first stage, ...",
        "(default: ${DEFAULT-VALUE})."
      })
  int frozenStages;

  @Option(
      names = "--layer-decay",
      defaultValue = "1",
      paramLabel = "SHARE",
      description = {
        "By how much each block learns slower than the next towards the head; 0.75 is",
        "usual for pretrained transformers (default: ${DEFAULT-VALUE})."
      })
  public double layerDecay;

  public Backbone backbone() {
    Backbone chosen = Backbones.get(name).withHeads(heads);
    if (size != 0) {
      check(size >= 32, "size", size, "32 pixels or more");
      chosen = chosen.withInputSize(size, size);
    }
    chosen = chosen.withFrozenStages(frozenStages).withLayerDecay(layerDecay);
    return weights == null ? chosen : chosen.withWeights(weights);
  }
}
