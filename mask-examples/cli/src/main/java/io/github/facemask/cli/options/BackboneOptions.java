package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.label.Attribute;
import io.github.facemask.network.Heads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
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
      defaultValue = "random",
      paramLabel = "random|pretrained|FILE",
      description = {
        "What to start from: random; pretrained, the published weights of the backbone's name, found",
        "on this machine or downloaded (see 'mask models --tags'); or a file, safetensors or PyTorch.",
        "A head of another size is ignored (default: ${DEFAULT-VALUE})."
      })
  public String weights;

  @Option(
      names = "--accept-licence",
      paramLabel = "LICENCE",
      description = "Accept a licence that forbids commercial use, for instance cc-by-nc-4.0.")
  String acceptedLicence;

  @Option(
      names = "--least-matched",
      defaultValue = "0.9",
      paramLabel = "SHARE",
      description = {
        "The least share of the backbone that a file of weights must have",
        "(default: ${DEFAULT-VALUE})."
      })
  double leastMatched;

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

  @Option(
      names = "--unfreeze-every",
      defaultValue = "0",
      paramLabel = "EPOCHS",
      description = {
        "With --freeze: epochs after which the frozen stage next to the head begins to learn, and so",
        "on; 0 keeps them frozen (default: ${DEFAULT-VALUE})."
      })
  int unfreezeEvery;

  @Option(
      names = "--head-rate",
      defaultValue = "1",
      paramLabel = "FACTOR",
      description = {
        "Factor of the head's learning rate; 10 suits a new head on pretrained weights",
        "(default: ${DEFAULT-VALUE})."
      })
  double headRate;

  @Option(
      names = "--drop-rate",
      defaultValue = "0",
      paramLabel = "RATE",
      description = {
        "Dropout before the head, timm's drop_rate: 0 to below 1 (default: ${DEFAULT-VALUE})."
      })
  double dropRate;

  @Option(
      names = "--drop-path-rate",
      defaultValue = "0",
      paramLabel = "RATE",
      description = {
        "Stochastic depth, timm's drop_path_rate: the rate at which the last block is dropped",
        "(default: ${DEFAULT-VALUE})."
      })
  double dropPathRate;

  @Option(
      names = "--linear-probe",
      description = {
        "Train the head alone, on features that are computed once; photos are then neither",
        "augmented nor mixed. Needs --weights."
      })
  public boolean linearProbe;

  /**
   * Returns the backbone.
   *
   * @param command the command, whose user is told of downloads
   */
  public Backbone backbone(CommandSpec command) {
    Backbone chosen =
        Backbones.get(name).withHeads(ageTarget == AgeTarget.YEARS ? Heads.YEARS : heads);
    if (size != 0) {
      check(size >= 32, "size", size, "32 pixels or more");
      chosen = chosen.withInputSize(size, size);
    }
    chosen =
        chosen
            .withFrozenStages(frozenStages)
            .withLayerDecay(layerDecay)
            .withHeadRate(headRate)
            .withDropout(dropRate, dropPathRate)
            .withLeastMatched(leastMatched);
    return starting(unfreezeEvery == 0 ? chosen : chosen.withUnfreezing(unfreezeEvery), command);
  }

  private Backbone starting(Backbone chosen, CommandSpec command) {
    boolean pretrained = weights.equalsIgnoreCase(Backbone.PRETRAINED_WEIGHTS);
    checkArgument(
        acceptedLicence == null || pretrained,
        "--accept-licence is %s, expected --weights pretrained with it",
        acceptedLicence);
    if (pretrained) {
      Backbone published = chosen.optPretrained(HubConsole.hub(command));
      return acceptedLicence == null ? published : published.withAcceptedLicence(acceptedLicence);
    }
    return weights.equalsIgnoreCase(Backbone.RANDOM_WEIGHTS)
        ? chosen
        : chosen.withWeights(Path.of(weights));
  }
}
