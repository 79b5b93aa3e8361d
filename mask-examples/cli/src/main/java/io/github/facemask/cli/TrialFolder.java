package io.github.facemask.cli;

import com.google.common.collect.ImmutableList;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.files.FolderLock;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The folder of one training of many: its run, or why it failed. A killed run is resumed, so the
 * same training may be started any number of times, also on another machine that has the folder.
 */
final class TrialFolder {

  private static final String FAILED = "failed";

  /** Lines beside the error. */
  private static final ImmutableList<String> OTHER_LINES =
      ImmutableList.of("mask: warning", "mask: note", "mask: please ");

  /** A reason goes into a cell of a table; the whole one is on the console. */
  private static final int LONGEST = 120;

  private final Path path;

  TrialFolder(Path path) {
    this.path = path;
  }

  /** Returns the last run of the folder if it is complete. */
  Optional<TrainingResult> complete() throws IOException {
    Optional<Path> last = lastRun();
    return last.isPresent() ? TrainingResult.read(last.get()) : Optional.empty();
  }

  /** Returns why the training failed, if that was noted. */
  Optional<String> failure() throws IOException {
    Path file = path.resolve(FAILED);
    return Files.isRegularFile(file)
        ? Optional.of(Files.readString(file).strip())
        : Optional.empty();
  }

  /** Notes that the training failed, so that it is not started again. */
  void markFailed(String reason) throws IOException {
    AtomicFile.writeText(path.resolve(FAILED), reason + "\n");
  }

  /**
   * Trains, or goes on where an earlier process was stopped.
   *
   * @param train the words of {@code mask train}, without the folder of the runs
   * @param caller the command that it is a part of
   * @return the complete run
   * @throws TrialFailedException if the training failed; this or an earlier one
   */
  TrainingResult train(List<String> train, CommandSpec caller) throws IOException {
    if (failure().isPresent()) {
      throw new TrialFailedException(failure().get());
    }
    Optional<TrainingResult> done = complete();
    return done.isPresent()
        ? done.get()
        : FolderLock.<TrainingResult, RuntimeException>during(path, () -> started(train, caller));
  }

  private TrainingResult started(List<String> train, CommandSpec caller) throws IOException {
    if (complete().isEmpty()) {
      Optional<Path> begun = lastRun();
      // A run that cannot be resumed, for instance of other options, is left as it is.
      if (begun.isEmpty() || run(List.of("resume", begun.get().toString()), caller).isPresent()) {
        List<String> words = new ArrayList<>(train);
        words.addAll(List.of("--runs", path.toString()));
        Optional<Failure> failure = run(words, caller);
        if (failure.isPresent()) {
          if (failure.get().ofFile() && lastRun().isEmpty()) {
            throw new NotBegunException(failure.get().reason());
          }
          throw new TrialFailedException(shortened(failure.get().reason()));
        }
      }
    }
    return complete().orElseThrow(() -> new TrialFailedException("it ended before its last epoch"));
  }

  /** Returns the last run in the folder, also one that was killed. */
  private Optional<Path> lastRun() throws IOException {
    if (!Files.isDirectory(path)) {
      return Optional.empty();
    }
    try (Stream<Path> runs = Files.list(path)) {
      // Run names begin with the time.
      return runs.filter(run -> !AtomicFolder.isUnfinished(run))
          .filter(run -> Files.isRegularFile(run.resolve("run.json")))
          .max(Comparator.naturalOrder());
    }
  }

  /**
   * Why a command failed.
   *
   * @param reason its line
   * @param ofFile whether a file or a folder could not be read, which other options do not mend
   */
  private record Failure(String reason, boolean ofFile) {}

  /** Runs a command; returns the failure if it failed. */
  private static Optional<Failure> run(List<String> words, CommandSpec caller) {
    PrintWriter to = caller.commandLine().getOut();
    to.println(
        "$ mask " + words.stream().map(CommandWords::quoted).collect(Collectors.joining(" ")));
    to.flush();
    StringWriter errors = new StringWriter();
    CommandLine line = MaskCommand.commandLine(to, new PrintWriter(errors, true));
    AtomicReference<Exception> thrown = new AtomicReference<>();
    line.setExecutionExceptionHandler(
        (e, failed, result) -> {
          thrown.set(e);
          return Failures.failed(e, failed, result);
        });
    int code = line.execute(words.toArray(String[]::new));
    String told = errors.toString().strip();
    if (!told.isEmpty()) {
      caller.commandLine().getErr().println(told);
    }
    return code == 0
        ? Optional.empty()
        : Optional.of(
            new Failure(
                told.lines()
                    .filter(l -> l.startsWith("mask: "))
                    .filter(l -> OTHER_LINES.stream().noneMatch(l::startsWith))
                    .map(l -> l.substring("mask: ".length()))
                    .findFirst()
                    .orElse("it ended with the code " + code),
                thrown.get() instanceof IOException));
  }

  private static String shortened(String reason) {
    return reason.length() > LONGEST ? reason.substring(0, LONGEST) + " ..." : reason;
  }

  /** Thrown when a training cannot begin, for a fault of its photos or of another file. */
  static final class NotBegunException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    NotBegunException(String reason) {
      super(reason);
    }
  }

  /** Thrown when a training failed. */
  static final class TrialFailedException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    TrialFailedException(String reason) {
      super(reason);
    }
  }
}
