package io.github.facemask.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Goes on with a run. */
@Command(
    name = "resume",
    description = {
      "Goes on with a run that was stopped or killed, from its last whole epoch, with the options",
      "that its record holds; its metrics are those that it would have had. Start it in the folder",
      "in which the run was started, if its paths are relative."
    },
    footer = {"", "Example: mask resume runs/20260101-120000-resnet18"})
final class ResumeCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  Path run;

  @Override
  public Integer call() throws IOException {
    JsonNode arguments = RunFolder.open(run).record().path("arguments");
    if (arguments.isEmpty()) {
      throw new IOException(
          run + ": holds no command line; a program started it, and Training.resume goes on");
    }
    List<String> all = new ArrayList<>();
    arguments.forEach(a -> all.add(a.asText()));
    all.add("--resumed");
    all.add(run.toString());
    CommandLine line =
        MaskCommand.commandLine(spec.commandLine().getOut(), spec.commandLine().getErr());
    return line.execute(all.toArray(String[]::new));
  }
}
