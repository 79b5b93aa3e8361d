package io.github.facemask.cli;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.dataset.BrokenDataException;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.PersonKey;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.trace.TraceNode;
import io.github.facemask.trace.Tracer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where a file comes from. */
@Command(
    name = "trace",
    description = {
      "Prints what a submission, predictions, an ensemble, a model, a run or a weights file was made",
      "of: models, parameters, code, the photos and their digests, and the commands to make it",
      "again. Every digest is checked; what was changed or is missing is named, with exit code 2."
    },
    footer = {"", "Example: mask trace submission.csv --in runs --in cv"})
final class TraceCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "Where to look for models and runs; may be repeated (default: runs).")
  List<Path> folders = new ArrayList<>();

  @Option(
      names = "--no-photos",
      description = "Check no photo against its digest, which reads them all.")
  boolean noPhotos;

  @Parameters(paramLabel = "FILE|FOLDER", description = "What to trace.")
  Path path;

  @Override
  public Integer call() throws Exception {
    if (!Files.exists(path)) {
      throw new IOException(path + ": there is no such file or folder");
    }
    for (Path folder : folders) {
      checkArgument(
          Files.isDirectory(folder), "--in: %s: there is no such folder to look in", folder);
    }
    List<Path> where = folders.isEmpty() ? List.of(Path.of("runs")) : folders;
    TraceNode tree = Tracer.in(where, this::photos).trace(path);
    PrintWriter out = spec.commandLine().getOut();
    out.print(tree.text());
    List<String> problems = tree.allProblems().stream().distinct().toList();
    out.flush();
    problems.forEach(p -> spec.commandLine().getErr().println("mask: " + p));
    if (problems.isEmpty()) {
      out.println("every digest is right");
    }
    return problems.isEmpty() ? 0 : 2;
  }

  private Optional<List<Photo>> photos(JsonNode source) throws IOException {
    return noPhotos ? Optional.empty() : find(source);
  }

  /** The photos of a run, read as the run read them. */
  static Optional<List<Photo>> find(JsonNode source) throws IOException {
    Path data = Path.of(source.path("data").asText());
    if (source.path("data").asText().isEmpty() || !Files.exists(data)) {
      return Optional.empty();
    }
    try {
      PhotoSet photos =
          PhotoSource.of(data, true, PersonKey.valueOf(source.path("peopleBy").asText("PATH")))
              .photos();
      List<Photo> all = new ArrayList<>(photos.photos());
      if (source.has("pseudoLabels")) {
        all.addAll(EvaluationFolder.read(data));
      }
      return Optional.of(all);
    } catch (BrokenDataException e) {
      return Optional.empty();
    }
  }
}
