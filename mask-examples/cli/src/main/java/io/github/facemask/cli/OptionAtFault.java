package io.github.facemask.cli;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableListMultimap;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.internal.weights.WeightMismatchException;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.InvalidFileException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Finds the options that caused an error. The library's errors do not name options: they name a
 * parameter or a file. This class finds the option that set the parameter or the path.
 */
final class OptionAtFault {

  /** The options whose names differ from the parameter's. */
  private static final ImmutableListMultimap<String, String> OPTIONS =
      ImmutableListMultimap.<String, String>builder()
          .put("acceptedLicence", "--accept-licence")
          .put("alpha", "--mix-alpha")
          .put("area", "--crop-scale")
          .put("assumed", "--assume")
          .put("batchSize", "--batch")
          .put("beta", "--effective-beta")
          .put("cacheBytes", "--cache-mb")
          .put("combination", "--combine")
          .put("cropTable", "--crops")
          .put("emaDecay", "--ema")
          .put("evaluationPhotos", "--eval-photos")
          .putAll("factor", "--oversample", "--plateau-factor", "--step-factor")
          .put("first", "--period-steps")
          .put("fittingPredictions", "--out-of-fold")
          .put("frozenStages", "--freeze")
          .putAll("gamma", "--focal-gamma", "--step-factor")
          .put("gradientAccumulation", "--accumulate")
          .put("gradientNormLimit", "--clip")
          .put("inputSize", "--size")
          .put("learningRate", "--lr")
          .put("oldFrom", "--age-boundary")
          .putAll("patience", "--patience", "--plateau-patience")
          .put("perPerson", "--person-cap")
          .put("personCap", "--person-cap")
          .put("tau", "--adjust-tau")
          .put("predictingRuns", "--predictions")
          .put("probability", "--mix-probability")
          .put("searchedFolders", "--in")
          .put("side", "--size")
          .putAll("size", "--size", "--period-steps")
          .putAll("steps", "--warmup-steps", "--steps")
          .put("temperature", "--temperatures")
          .put("truth", "--data")
          .put("validationShare", "--valid-share")
          .put("weight", "--weights")
          .build();

  private OptionAtFault() {}

  /** Returns the given options that caused the error; may be empty. */
  static List<String> of(Exception e, CommandLine line) {
    ParseResult parsed = line.getParseResult();
    if (parsed == null) {
      return List.of();
    }
    List<OptionSpec> options =
        e instanceof InvalidArgumentException invalid
            ? byParameter(invalid.problem().what(), invalid.problem().value(), parsed)
            : fileOf(e).map(file -> byFile(file, parsed)).orElse(List.of());
    return options.stream().map(OptionSpec::longestName).toList();
  }

  /** Returns the file that an error names. */
  private static Optional<Path> fileOf(Exception e) {
    if (e instanceof InvalidFileException invalid) {
      return Optional.ofNullable(invalid.file());
    }
    if (e instanceof WeightMismatchException other) {
      return Optional.of(other.report().source().file());
    }
    if (e instanceof BrokenDataException broken) {
      return broken.report().problems().stream().map(p -> p.file()).findFirst();
    }
    return e instanceof FileSystemException missing && missing.getFile() != null
        ? path(missing.getFile())
        : Optional.empty();
  }

  /** Returns the options whose path contains the file; of several, the innermost. */
  private static List<OptionSpec> byFile(Path file, ParseResult parsed) {
    List<OptionSpec> best = new ArrayList<>();
    int deepest = 0;
    for (OptionSpec option : parsed.matchedOptions()) {
      if (!takesPath(option)) {
        continue;
      }
      for (String value : option.stringValues()) {
        // A folder or table may have a name in front.
        String unnamed = value.substring(value.indexOf('=') + 1);
        int depth = Math.max(depth(absolute(file), value), depth(absolute(file), unnamed));
        if (depth > deepest) {
          deepest = depth;
          best.clear();
        }
        if (depth > 0 && depth == deepest && !best.contains(option)) {
          best.add(option);
        }
      }
    }
    return best;
  }

  /** A name may be a file's by chance. */
  private static boolean takesPath(OptionSpec option) {
    return option.typeInfo().getType() == Path.class
        || option.typeInfo().getAuxiliaryTypes()[0] == Path.class
        || option.paramLabel().contains("FILE")
        || option.paramLabel().contains("DIR")
        || option.paramLabel().contains("PATH");
  }

  /** Returns the length of a value's path if it contains the file, otherwise 0. */
  private static int depth(Path file, String value) {
    Optional<Path> there = path(value).map(OptionAtFault::absolute);
    return !value.isEmpty() && there.isPresent() && file.startsWith(there.get())
        ? there.get().getNameCount()
        : 0;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Returns the given options of a parameter; of several, those with the value. */
  private static List<OptionSpec> byParameter(String what, String value, ParseResult parsed) {
    List<String> names =
        OPTIONS.containsKey(what)
            ? OPTIONS.get(what)
            : List.of("--" + CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_HYPHEN, what));
    List<OptionSpec> given =
        names.stream()
            .filter(parsed::hasMatchedOption)
            .map(parsed::matchedOption)
            .distinct()
            .toList();
    if (given.size() < 2) {
      return given;
    }
    List<OptionSpec> same = given.stream().filter(o -> holds(o.getValue(), value)).toList();
    return same.isEmpty() ? given : same;
  }

  private static boolean holds(Object option, String value) {
    if (option instanceof Collection<?> all) {
      return all.stream().anyMatch(one -> holds(one, value));
    }
    if (option instanceof Number number) {
      try {
        return number.doubleValue() == Double.parseDouble(value);
      } catch (NumberFormatException e) {
        return false;
      }
    }
    return String.valueOf(option).equals(value);
  }
}
