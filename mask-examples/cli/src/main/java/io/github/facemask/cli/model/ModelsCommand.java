package io.github.facemask.cli.model;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the backbones. */
@Command(
    name = "models",
    header = "Lists the backbones.",
    description = {
      "Lists the backbones by timm's names, each with 18 classes: parameters, multiply-adds for",
      "one photo, input size, and licence and location of the published weights."
    },
    footer = {"", "Example: mask models"})
public final class ModelsCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
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
}
