package io.github.facemask.cli.train;

import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.Threads;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Resumes a run. */
@Command(
    name = "resume",
    header = "Resumes a run that was stopped or killed.",
    description = {
      "Resumes a run that was stopped or killed, from its last complete epoch, with the recorded",
      "recipe. The metrics are those of an uninterrupted run."
    },
    footer = {"", "Example: mask resume runs/20260101-120000-resnet18"})
public final class ResumeCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  Path run;

  @Option(
      names = "--photos",
      paramLabel = "DIR",
      description = "The new folder of the photos, if they were moved.")
  Path photos;

  @Option(
      names = "--threads",
      defaultValue = Threads.AUTO,
      converter = Threads.class,
      paramLabel = "auto|N",
      description = {
        "Threads that read photos; auto is one for each processor. It computes with the recorded",
        "number (default: ${DEFAULT-VALUE})."
      })
  int threads;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Optional<TrainingResult> complete = TrainingResult.read(run);
    if (complete.isPresent()) {
      out.println(run + ": complete, " + Count.of(complete.get().epochs(), "epoch"));
      TrainCommand.print(out, complete.get());
      return 0;
    }
    TrainingRecipe recipe = TrainingRecipe.of(run, Optional.ofNullable(photos));
    try (TrainingConsole console = new TrainingConsole(out)) {
      TrainingRecipe.Running usual = TrainingRecipe.Running.usual();
      TrainingResult result =
          recipe
              .training(
                  new TrainingRecipe.Running(
                      Threads.orProcessors(threads),
                      usual.cacheBytes(),
                      usual.cacheFolder(),
                      console))
              .resume(run);
      TrainCommand.print(out, result);
    }
    return 0;
  }
}
