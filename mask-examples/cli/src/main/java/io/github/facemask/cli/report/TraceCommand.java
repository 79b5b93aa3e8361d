package io.github.facemask.cli.report;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.problem.Problem;
import io.github.facemask.trace.TraceNode;
import io.github.facemask.trace.Tracer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the origin of a file. */
@Command(
    name = "trace",
    header = "Traces a file back to the models and photos it was made from.",
    description = {
      "Prints the origin of a submission, predictions, an ensemble, a model, a run or a weights",
      "file: models, parameters, code, photos and digests, and whether it can be reproduced.",
      "Checks every digest. Exit code 2 if anything was changed or is missing."
    },
    footer = {"", "Example: mask trace submission.csv --in runs --in cv"})
public final class TraceCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "Where to look for models and runs; may be repeated (default: runs).")
  List<Path> folders = new ArrayList<>();

  @Option(
      names = "--no-photos",
      description = "Do not check the photos' digests, which reads all photos.")
  boolean noPhotos;

  @Parameters(paramLabel = "FILE|FOLDER", description = "What to trace.")
  Path path;

  @Override
  public Integer call() throws Exception {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    for (Path folder : folders) {
      checkArgument(
          Files.isDirectory(folder), "--in: %s: there is no such folder to look in", folder);
    }
    List<Path> where = folders.isEmpty() ? List.of(Path.of("runs")) : folders;
    TraceNode tree = CommandWords.of(Tracer.in(where, !noPhotos).trace(path));
    PrintWriter out = spec.commandLine().getOut();
    out.print(tree.text());
    List<Problem> problems = tree.allProblems().stream().distinct().toList();
    out.flush();
    problems.forEach(p -> spec.commandLine().getErr().println("mask: " + p.message()));
    if (problems.isEmpty()) {
      out.println("every digest is right");
    }
    return problems.isEmpty() ? 0 : 2;
  }
}
