package io.github.facemask.cli.train;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.Environment;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.recipe.Reproduction;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Repeats a run and compares the results. */
@Command(
    name = "reproduce",
    header = "Repeats a run and reports the first difference.",
    description = {
      "Repeats a run with its recorded options, and compares parameters, the metrics of each",
      "epoch and the digest of the weights. Reports the first difference; exit code 2 if there",
      "is one."
    },
    footer = {"", "Example: mask reproduce runs/20260101-120000-resnet18"})
public final class ReproduceCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Keep the new run in this folder (default: it is deleted).")
  Path out;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  Path run;

  @Option(
      names = "--photos",
      paramLabel = "DIR",
      description = "The new folder of the photos, if they were moved.")
  Path photos;

  @Override
  public Integer call() throws IOException {
    TrainingRecipe recipe = TrainingRecipe.of(run, Optional.ofNullable(photos));
    Path folder = out == null ? Files.createTempDirectory("facemask-reproduce") : out;
    try {
      return reproduce(recipe, folder);
    } finally {
      if (out == null) {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  private int reproduce(TrainingRecipe recipe, Path folder) throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    String commit = RunJson.record(RunFolder.open(run)).at("/environment/commit").asText("unknown");
    if (!commit.equals(Environment.commit())) {
      to.printf(
          "the code was %s and is %s; 'git checkout' the former for the same code%n",
          commit, Environment.commit());
    }
    Reproduction reproduction;
    try (TrainingConsole console = new TrainingConsole(to)) {
      TrainingRecipe.Running usual = TrainingRecipe.Running.usual();
      TrainingResult again =
          recipe
              .training(
                  new TrainingRecipe.Running(
                      usual.threads(), usual.cacheBytes(), usual.cacheFolder(), console))
              .repeat(run, folder);
      reproduction = Reproduction.of(run, again.run().path());
    }
    if (reproduction.difference().isPresent()) {
      spec.commandLine().getErr().println("mask: not the same: " + reproduction.difference().get());
      return 2;
    }
    RunFolder first = reproduction.first();
    to.printf(
        "the same: %d epochs and the weights %s%n",
        RunJson.metrics(first).size(), ModelFolder.open(first.model()).weightsDigest().shortHex());
    return 0;
  }
}
