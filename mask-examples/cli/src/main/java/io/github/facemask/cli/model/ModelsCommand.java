package io.github.facemask.cli.model;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.backbone.PretrainedSource;
import io.github.facemask.cli.options.HubConsole;
import io.github.facemask.hub.Hub;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the backbones. */
@Command(
    name = "models",
    header = "Lists the backbones, and the weights to start from.",
    description = {
      "Lists the backbones by timm's names, each with 18 classes: parameters, multiply-adds for",
      "one photo, input size, and licence and location of the default weights. With --tags lists all",
      "published weights, and which are on this machine."
    },
    footer = {
      "",
      "Example: mask models --tags resnet18",
      "Start from one: mask train --data photos --backbone resnet18.tv_in1k --weights pretrained"
    })
public final class ModelsCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--tags",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "NAME",
      description =
          "List all published weights, or those of the backbones whose name has this part.")
  String tags;

  @Override
  public Integer call() throws IOException {
    if (tags != null) {
      return listTags();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-32s %10s %9s %10s  %-14s %s%n",
        "name",
        "parameters",
        "MACs",
        "input",
        "licence",
        "weights");
    for (String name : Backbones.names()) {
      Backbone backbone = Backbones.get(name);
      out.printf(
          Locale.ROOT,
          "%-32s %9.2fM %8.2fG %4d x %3d  %-14s %s%n",
          name,
          backbone.network().parameterCount() / 1e6,
          backbone.network().multiplyAdds() / 1e9,
          backbone.preprocessing().height(),
          backbone.preprocessing().width(),
          backbone.pretrained().licence(),
          backbone.pretrained().hubId());
    }
    return 0;
  }

  /** Lists the published weights. */
  private int listTags() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Hub hub = HubConsole.hub(spec);
    String part = tags.toLowerCase(Locale.ROOT);
    List<PretrainedSource> chosen =
        Backbones.pretrained().stream()
            .filter(source -> !source.hubId().isEmpty() && source.name().contains(part))
            .toList();
    check(!chosen.isEmpty(), "tags", tags, "a part of a name of 'mask models'");
    out.printf(
        Locale.ROOT,
        "%-48s %-14s %10s  %7s  %s%n",
        "name",
        "licence",
        "input",
        "classes",
        "at hand");
    for (PretrainedSource source : chosen) {
      Optional<Hub.Place> place =
          hub.places(source.file()).stream().filter(p -> p.found().isPresent()).findFirst();
      out.printf(
          Locale.ROOT,
          "%-48s %-14s %4d x %3d  %7s  %s%n",
          source.name(),
          source.licence(),
          source.preprocessing().height(),
          source.preprocessing().width(),
          source.classes() == 0 ? "none" : Integer.toString(source.classes()),
          place.map(HubConsole::line).orElse("-"));
    }
    return 0;
  }
}
