package io.github.facemask.cli.train;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.Progress;
import io.github.facemask.cli.options.RunOptions;
import io.github.facemask.dataset.Split;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.Section;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.training.Training.RateCurve;
import io.github.facemask.training.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tries learning rates. */
@Command(
    name = "find-rate",
    header = "Tries learning rates in one short run, and suggests one.",
    description = {
      "Trains once with a learning rate that rises in each step, until the loss explodes, and",
      "writes a page with the losses. Suggests the rate in the middle of the longest fall, as",
      "fastai does. Writes no run. Takes the options of 'mask train'."
    },
    footer = {
      "",
      "Example: mask find-rate --data photos --backbone resnet18 --size 112 --out rates.html"
    })
public final class FindRateCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin RunOptions options;

  @Option(
      names = "--from",
      defaultValue = "1e-6",
      paramLabel = "RATE",
      description = "The first rate (default: ${DEFAULT-VALUE}).")
  double from;

  @Option(
      names = "--to",
      defaultValue = "1",
      paramLabel = "RATE",
      description = "The last rate (default: ${DEFAULT-VALUE}).")
  double to;

  @Option(
      names = "--steps",
      defaultValue = "100",
      paramLabel = "N",
      description = "The number of steps (default: ${DEFAULT-VALUE}).")
  int steps;

  @Option(
      names = "--out",
      defaultValue = "find-rate.html",
      paramLabel = "FILE",
      description = "The page (default: ${DEFAULT-VALUE}).")
  Path out;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    PrintWriter console = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Split split = options.data.split(options.data.photos(err), err);
    TrainingRecipe recipe = options.recipe(split, "", ImmutableMap.of());
    RunOptions.tellUnknown(recipe, console);
    RateCurve curve = find(recipe);
    String suggestion =
        Double.isNaN(curve.suggestion())
            ? "none, the loss does not fall between these rates"
            : String.format(Locale.ROOT, "--lr %.1e", curve.suggestion());
    page(recipe, curve, suggestion).write(out);
    RateCurve.Point last = curve.points().get(curve.points().size() - 1);
    console.printf(
        Locale.ROOT,
        "%s: %d steps from %.0e to %.0e, smoothed loss %.4f to %.4f%n",
        out,
        curve.points().size(),
        from,
        last.rate(),
        curve.points().get(0).smoothedLoss(),
        last.smoothedLoss());
    console.println("suggested: " + suggestion);
    return 0;
  }

  private RateCurve find(TrainingRecipe recipe) throws Exception {
    try (Progress progress = Progress.of("find-rate", steps, "steps")) {
      return options
          .training(recipe, TrainingListener.NONE)
          .findRate(from, to, steps, progress::to);
    }
  }

  private static HtmlReport page(TrainingRecipe recipe, RateCurve curve, String suggestion) {
    List<RateCurve.Point> points = curve.points();
    ImmutableDoubleArray rates =
        ImmutableDoubleArray.copyOf(points.stream().mapToDouble(p -> Math.log10(p.rate())));
    return HtmlReport.builder("Learning rates of " + recipe.backbone().architecture())
        .optSubtitle(recipe.split().train().size() + " training photos")
        .add(new Section.Facts("Suggestion", ImmutableMap.of("Learning rate", suggestion)))
        .add(
            new Section.Charts(
                "Losses",
                List.of(
                    new Section.Chart(
                        "Loss by learning rate",
                        "log10 of the learning rate: -3 is 0.001",
                        List.of(
                            new Section.Line(
                                "smoothed loss",
                                rates,
                                ImmutableDoubleArray.copyOf(
                                    points.stream().mapToDouble(RateCurve.Point::smoothedLoss))),
                            new Section.Line(
                                "loss of the batch",
                                rates,
                                ImmutableDoubleArray.copyOf(
                                    points.stream().mapToDouble(RateCurve.Point::loss))))))))
        .build();
  }
}
