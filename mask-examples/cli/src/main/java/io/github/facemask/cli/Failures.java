package io.github.facemask.cli;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.cli.options.OneLine;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.internal.weights.WeightMismatchException;
import io.github.facemask.prediction.PhotoClassifier.NonFiniteAnswerException;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.training.NonFiniteLossException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints each error as one line and returns an exit code. */
final class Failures {

  private static final int DEFECT = 1;
  static final int WRONG_INPUT = 2;

  /** What the native libraries say when they get no memory. */
  private static final List<String> NO_MEMORY =
      List.of(
          "can't allocate memory",
          "CUDA out of memory",
          "Insufficient memory",
          "std::bad_alloc",
          "unable to create native thread");

  private Failures() {}

  /** Reports an option that is unknown, missing or out of range. */
  static int wrongOption(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    if (e instanceof MissingParameterException) {
      // A missing option may be in the config file.
      try {
        Optional<Integer> code = ConfigFile.executeWith(List.of(args), line);
        if (code.isPresent()) {
          return code.get();
        }
      } catch (ParameterException inFile) {
        return wrongOption(inFile, args);
      }
    }
    Optional<String> unknown =
        e instanceof MissingParameterException ? unknownOption(args, line) : Optional.empty();
    ParameterException first =
        unknown.isPresent() ? new UnmatchedArgumentException(line, List.of(unknown.get())) : e;
    line.getErr().println("mask: " + oneLine(told(first, args, line)));
    return WRONG_INPUT;
  }

  /** Returns the first unknown option; picocli tells a missing one first, often its right name. */
  private static Optional<String> unknownOption(String[] args, CommandLine line) {
    return Arrays.stream(args)
        .takeWhile(word -> !word.equals("--"))
        .filter(word -> word.matches("--[a-z].*"))
        .map(word -> word.replaceFirst("=.*", ""))
        .filter(name -> line.getCommandSpec().findOption(name) == null)
        .findFirst();
  }

  private static String told(ParameterException e, String[] args, CommandLine line) {
    String seen = e.getMessage();
    List<String> meant = List.of();
    if (e instanceof UnmatchedArgumentException unmatched) {
      boolean command = line.getParent() == null && !unmatched.isUnknownOption();
      if (command) {
        seen = "there is no command '" + unmatched.getUnmatched().get(0) + "'";
      }
      meant = command ? commands(unmatched, args, line) : unmatched.getSuggestions();
    }
    return meant.isEmpty()
        ? seen + "; see '" + line.getCommandSpec().qualifiedName() + " --help'"
        : seen + "; did you mean " + String.join(" or ", meant) + "?";
  }

  /** Returns the commands with the same letters in another order, else picocli's suggestions. */
  private static List<String> commands(
      UnmatchedArgumentException unmatched, String[] args, CommandLine line) {
    // picocli's suggestions miss swapped letters.
    List<String> swapped =
        line.getSubcommands().keySet().stream()
            .filter(name -> args.length > 0 && sorted(name).equals(sorted(args[0])))
            .toList();
    return swapped.isEmpty() ? unmatched.getSuggestions() : swapped;
  }

  private static String sorted(String word) {
    return word.chars()
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Reports the failure of a command. */
  static int failed(Exception e, CommandLine line, ParseResult result) {
    PrintWriter err = line.getErr();
    if (debug(line)) {
      e.printStackTrace(err);
    }
    Optional<String> memory = lackOfMemory(e);
    if (memory.isPresent()) {
      return outOfMemory(memory.get(), line);
    }
    if (nativesAreMissing(e)) {
      err.println(
          "mask: PyTorch's native library cannot be loaded; 'mask doctor' says what to add");
      return WRONG_INPUT;
    }
    if (e instanceof IOException
        || e instanceof IllegalArgumentException
        || e instanceof NonFiniteLossException) {
      boolean skips = line.getCommandSpec().findOption("--lenient") != null;
      String told =
          e instanceof BrokenDataException broken && skips
              ? broken.report().summary() + "\nfix them, or skip these photos with --lenient"
              : told(e) + photoRemedy(e, line);
      err.println("mask: " + named(OptionAtFault.of(e, line), oneLine(told)));
      return WRONG_INPUT;
    }
    err.println("mask: a defect of this program: " + oneLine(e.toString()));
    err.println("mask: please report it with the output of the same command and --debug");
    return DEFECT;
  }

  /** Reports an error of the virtual machine, which no command catches. */
  static int failed(Error e, ParseResult result) {
    ParseResult last = result;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return failed(
        new IllegalStateException(e.toString(), e), last.commandSpec().commandLine(), last);
  }

  /** Returns what the machine said when memory ran out; empty for other errors. */
  private static Optional<String> lackOfMemory(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String told = String.valueOf(cause.getMessage());
      if (cause instanceof OutOfMemoryError) {
        return Optional.of(told);
      }
      Optional<String> found = NO_MEMORY.stream().filter(told::contains).findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Returns the line for a lack of memory in which not even a message can be made. */
  static String noMemory() {
    return noMemory("Java heap space") + System.lineSeparator();
  }

  private static String noMemory(String told) {
    return "mask: there is not enough memory ("
        + OneLine.of(told)
        + "); Java may use "
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MiB for its objects; raise that with MASK_JAVA_OPTIONS=-Xmx4g";
  }

  private static int outOfMemory(String told, CommandLine line) {
    List<String> smaller =
        List.of("--batch", "--size", "--threads", "--cache-mb", "--max-pixels").stream()
            .filter(option -> line.getCommandSpec().findOption(option) != null)
            .toList();
    String lower = smaller.isEmpty() ? "" : ", or lower " + String.join(", ", smaller);
    line.getErr().println(noMemory(told) + lower);
    return WRONG_INPUT;
  }

  /** Returns what the command's options can do about a photo that cannot be read. */
  private static String photoRemedy(Exception e, CommandLine line) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnreadablePhotoException photo) {
        String option = photo.tooLarge() ? "--max-pixels" : "--lenient";
        if (line.getCommandSpec().findOption(option) == null) {
          return "";
        }
        return photo.tooLarge()
            ? "; --max-pixels sets the limit"
            : "; --lenient leaves out photos that cannot be read";
      }
    }
    return "";
  }

  private static boolean debug(CommandLine line) {
    CommandLine top = line;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    return ((MaskCommand) top.getCommand()).debug;
  }

  private static String named(List<String> options, String message) {
    return options.isEmpty() ? message : String.join(" or ", options) + ": " + message;
  }

  /** Returns the message of an error, with the command's remedy. */
  private static String told(Exception e) {
    if (e instanceof NonFiniteLossException loss) {
      return CommandWords.of(loss.problem()).message() + "; " + kept(loss);
    }
    if (e instanceof NonFiniteAnswerException answer) {
      return CommandWords.of(answer.problem()).message();
    }
    if (e instanceof InvalidArgumentException invalid) {
      return CommandWords.of(invalid.problem()).message();
    }
    if (e instanceof InvalidFileException invalid) {
      return new InvalidFileException(
              invalid.file(), invalid.line().orElse(0), CommandWords.of(invalid.problem()), invalid)
          .getMessage();
    }
    if (e instanceof WeightMismatchException other) {
      return other.report().source().file() + ": " + CommandWords.of(other.problem()).message();
    }
    return e instanceof FileSystemException file ? explain(file) : e.getMessage();
  }

  /** Returns what is left of a run whose loss was not finite. */
  private static String kept(NonFiniteLossException loss) {
    return loss.epoch() == 1
        ? "no epoch was complete"
        : "the model of the best epoch before is in " + loss.run().resolve("model");
  }

  /** Returns whether the engine failed because it could not start. A second attempt shows this. */
  private static boolean nativesAreMissing(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EngineException || cause instanceof LinkageError) {
        return !engineLoads();
      }
    }
    return false;
  }

  private static boolean engineLoads() {
    try {
      return Engine.getEngine("PyTorch") != null;
    } catch (EngineException | LinkageError e) {
      return false;
    }
  }

  private static String explain(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return e.getFile() + ": there is no such file or folder";
    }
    if (e instanceof FileAlreadyExistsException && e.getReason() == null) {
      return e.getFile() + ": is a file, expected a folder";
    }
    if ("Not a directory".equals(e.getReason())) {
      return e.getFile() + ": lies under a file, expected a folder";
    }
    if (e instanceof AccessDeniedException) {
      return e.getFile() + ": permission denied";
    }
    if ("No space left on device".equals(e.getReason())) {
      return e.getFile() + ": cannot be written, the disk is full; make room and start again";
    }
    return e.getMessage();
  }

  private static String oneLine(String message) {
    return OneLine.of(message);
  }
}
