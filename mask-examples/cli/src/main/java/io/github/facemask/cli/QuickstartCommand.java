package io.github.facemask.cli;

import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.options.Devices;
import io.github.facemask.tensor.Precision;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs all steps on synthetic photos. */
@Command(
    name = "quickstart",
    header = "Runs all steps on synthetic photos, from drawing them to a report.",
    description = {
      "Runs all steps on synthetic photos, in minutes: draw, analyse, crop and audit, train two",
      "networks with balanced sampling and CutMix, evaluate, ensemble, submit, report. Each step",
      "is a mask command that is printed before it runs."
    },
    footer = {"", "Example: mask quickstart --out quickstart"})
final class QuickstartCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--out",
      defaultValue = "quickstart",
      paramLabel = "DIR",
      description = "New folder for everything (default: ${DEFAULT-VALUE}).")
  Path out;

  @Option(
      names = "--people",
      paramLabel = "N",
      description = {
        "People to draw (default: 300, or 130 on a processor without bfloat16, which takes twice",
        "as long)."
      })
  Integer people;

  @Option(
      names = "--epochs",
      defaultValue = "6",
      paramLabel = "N",
      description = "Epochs of each training (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--size",
      defaultValue = "64",
      paramLabel = "PIXELS",
      description = "Input side of the networks (default: ${DEFAULT-VALUE}).")
  int size;

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "Seed of the faces, the split and the training (default: ${DEFAULT-VALUE}).")
  long seed;

  @Override
  public Integer call() throws Exception {
    return Interruption.whileStartedAgain(spec, this::steps);
  }

  private int steps() throws Exception {
    Path folder = unused(out);
    PrintWriter to = spec.commandLine().getOut();
    long start = System.nanoTime();
    String photos = folder.resolve("photos").toString();
    String crops = folder.resolve("crops.jsonl").toString();
    Path runs = folder.resolve("runs");
    String best = folder.resolve("ensemble").toString();
    String report = folder.resolve("report.html").toString();
    String split = "--split-seed=" + seed;
    boolean fast = Precision.fastestOn(Devices.named("auto")) == Precision.BFLOAT16;
    int drawn = people != null ? people : fast ? 300 : 130;
    List<List<String>> steps = new ArrayList<>();
    steps.add(
        List.of(
            "synth", "--out", photos, "--people=" + drawn, "--eval-photos=126", "--seed=" + seed));
    steps.add(
        List.of(
            "analyse",
            "--data",
            photos,
            split,
            "--out",
            folder.resolve("photos.html").toString(),
            "--json",
            folder.resolve("photos.json").toString()));
    steps.add(List.of("crop", "--data", photos, "--out", crops));
    steps.add(
        List.of(
            "audit-crops",
            "--data",
            photos,
            "--crops",
            crops,
            "--out",
            folder.resolve("crops.html").toString(),
            "--most=60"));
    for (int member = 0; member < 2; member++) {
      steps.add(
          List.of(
              "train",
              "--data",
              photos,
              split,
              "--crops",
              crops,
              "--runs",
              runs.toString(),
              "--name=" + (member == 0 ? "first" : "second"),
              "--size=" + size,
              "--epochs=" + epochs,
              "--seed=" + (seed + member),
              "--schedule=ONE_CYCLE",
              "--lr=3e-3",
              "--mix-probability=0.2",
              "--crop-scale=0.8",
              "--sampler=SQUARE_ROOT"));
    }
    for (List<String> step : steps) {
      run(to, step);
    }
    List<String> ensemble = new ArrayList<>(List.of("ensemble", "--out", best));
    ensemble.addAll(folders(runs));
    run(to, ensemble);
    run(to, List.of("evaluate", "--data", photos, split, "--model", best, "--crops", crops));
    run(
        to,
        List.of(
            "submit",
            "--data",
            photos,
            "--model",
            best,
            "--out",
            folder.resolve("submission.csv").toString()));
    run(
        to,
        List.of(
            "report",
            "--data",
            photos,
            split,
            "--model",
            best,
            "--runs",
            runs.toString(),
            "--crops",
            crops,
            "--out",
            report,
            "--sampler=SQUARE_ROOT"));
    to.printf(
        Locale.ROOT,
        "%nDone in %d seconds. Open %s in a browser.%n",
        Duration.ofNanos(System.nanoTime() - start).toSeconds(),
        Path.of(report).toAbsolutePath().normalize());
    return 0;
  }

  private void run(PrintWriter to, List<String> step) {
    to.printf("%n$ mask %s%n", String.join(" ", step));
    to.flush();
    CommandLine line = MaskCommand.commandLine(to, spec.commandLine().getErr());
    int code = line.execute(step.toArray(new String[0]));
    if (code != 0) {
      throw new IllegalArgumentException(
          "the step 'mask " + step.get(0) + "' failed; what was made so far is in " + out);
    }
  }

  private static List<String> folders(Path runs) throws java.io.IOException {
    try (Stream<Path> all = Files.list(runs)) {
      return all.map(Path::toString).sorted().toList();
    }
  }

  /** Returns the requested folder, or the first free name with a number after it. */
  private static Path unused(Path asked) {
    Path folder = asked;
    for (int i = 2; Files.exists(folder); i++) {
      folder = asked.resolveSibling(asked.getFileName() + "-" + i);
    }
    return folder;
  }
}
