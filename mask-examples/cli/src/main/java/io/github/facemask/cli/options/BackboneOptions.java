package io.github.facemask.cli.options;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.label.Attribute;
import io.github.facemask.network.Heads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The network, its initial weights and its frozen parts. */
@HelpHeading(HelpHeading.Heading.NETWORK)
public final class BackboneOptions {

  @Option(
      names = "--backbone",
      defaultValue = "resnet18",
      description = "The backbone, see 'mask models' (default: ${DEFAULT-VALUE}).")
  String name;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = {
        "Weights to start from, safetensors or PyTorch; a head of another size is ignored",
        "(default: random weights)."
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
        "and age whose probabilities are multiplied (default: ${DEFAULT-VALUE})."
      })
  Heads heads;

  @Option(
      names = "--attributes",
      split = ",",
      paramLabel = "ATTRIBUTE",
      description = {
        "What the model answers: ${COMPLETION-CANDIDATES}, in any case",
        "(default: the attributes that the photos know)."
      })
  List<Attribute> attributes = new ArrayList<>();

  /** Returns the attributes that the model answers; empty for those that the photos know. */
  public Attribute[] attributes() {
    return attributes.toArray(Attribute[]::new);
  }

  /** What the head of the age learns. */
  enum AgeTarget {
    GROUPS,
    YEARS
  }

  @Option(
      names = "--age-target",
      defaultValue = "GROUPS",
      description = {
        "What the model learns of the age: ${COMPLETION-CANDIDATES}. Years need ages in years, and",
        "give each attribute a head of its own (default: ${DEFAULT-VALUE})."
      })
  AgeTarget ageTarget;

  @Option(
      names = "--freeze",
      defaultValue = "0",
      paramLabel = "STAGES",
      description = {
        "Number of frozen stages: 1 for the stem, 2 for the stem and the first stage, ...",
        "(default: ${DEFAULT-VALUE})."
      })
  int frozenStages;

  @Option(
      names = "--layer-decay",
      defaultValue = "1",
      paramLabel = "SHARE",
      description = {
        "Factor of each block's learning rate to that of the next block towards the head;",
        "0.75 is usual for pretrained transformers (default: ${DEFAULT-VALUE})."
      })
  public double layerDecay;

  public Backbone backbone() {
    Backbone chosen =
        Backbones.get(name).withHeads(ageTarget == AgeTarget.YEARS ? Heads.YEARS : heads);
    if (size != 0) {
      check(size >= 32, "size", size, "32 pixels or more");
      chosen = chosen.withInputSize(size, size);
    }
    chosen = chosen.withFrozenStages(frozenStages).withLayerDecay(layerDecay);
    return weights == null ? chosen : chosen.withWeights(weights);
  }
}
