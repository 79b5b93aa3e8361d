package io.github.facemask.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.cli.options.YamlFile;
import io.github.facemask.internal.files.WholeFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Adds the options of a YAML file to the command line. Options of the command line take precedence.
 */
final class ConfigFile {

  private ConfigFile() {}

  /** Runs the last subcommand. With {@code --config} the options of the file are added first. */
  static int execute(ParseResult result) {
    ParseResult last = result;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
      // With --help, picocli parses a word that it does not know.
      if (!last.unmatched().isEmpty()) {
        throw new UnmatchedArgumentException(last.commandSpec().commandLine(), last.unmatched());
      }
      return new CommandLine.RunLast().execute(result);
    }
    return executeWith(result.originalArgs(), last.commandSpec().commandLine())
        .orElseGet(() -> new CommandLine.RunLast().execute(result));
  }

  /**
   * Runs a command with the options of its config file as if they were on the command line.
   *
   * @param arguments the words of the command line
   * @param line the command
   * @return its exit code; empty without a config file
   */
  static Optional<Integer> executeWith(List<String> arguments, CommandLine line) {
    List<String> words = new ArrayList<>(arguments);
    int at = indexOfConfig(words);
    if (at < 0) {
      return executeWithPreset(words, line);
    }
    String word = words.remove(at);
    String file;
    if (word.contains("=")) {
      file = word.substring(word.indexOf('=') + 1);
    } else if (at < words.size()) {
      file = words.remove(at);
    } else {
      return Optional.empty();
    }
    words.addAll(options(Path.of(file), words, line));
    CommandLine fresh = MaskCommand.commandLine(line.getOut(), line.getErr());
    return Optional.of(fresh.execute(words.toArray(new String[0])));
  }

  /**
   * Runs a command with the options of its preset, which the command line and a config file
   * override.
   */
  private static Optional<Integer> executeWithPreset(List<String> words, CommandLine line) {
    OptionSpec preset = line.getCommandSpec().findOption(Preset.OPTION);
    if (preset == null || preset.getValue() == null) {
      return Optional.empty();
    }
    Preset chosen = Preset.named(preset.getValue(), line);
    List<String> options = options(chosen.name(), chosen.options(words), words, line);
    if (options.isEmpty()) {
      return Optional.empty();
    }
    words.addAll(options);
    CommandLine fresh = MaskCommand.commandLine(line.getOut(), line.getErr());
    return Optional.of(fresh.execute(words.toArray(new String[0])));
  }

  private static int indexOfConfig(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--config") || words.get(i).startsWith("--config=")) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the options of a file as words, without those on the command line. */
  static List<String> options(Path file, List<String> words, CommandLine line) {
    return options(file.toString(), read(file, line), words, line);
  }

  private static List<String> options(
      String file, JsonNode values, List<String> words, CommandLine line) {
    List<String> options = new ArrayList<>();
    for (Map.Entry<String, JsonNode> e : values.properties()) {
      String name = "--" + e.getKey();
      OptionSpec option = line.getCommandSpec().findOption(name);
      if (option == null || option.hidden()) {
        throw new ParameterException(
            line,
            file
                + ": there is no option '"
                + e.getKey()
                + "' of '"
                + line.getCommandSpec().qualifiedName()
                + "', expected one of "
                + names(line));
      }
      if (words.stream().anyMatch(w -> w.equals(name) || w.startsWith(name + "="))) {
        continue;
      }
      if (e.getKey().equals(AugmentOption.NAME) && e.getValue().isContainerNode()) {
        // The command reads the list from the file, so that it can name the line of a mistake.
        options.add(name + "=" + AugmentOption.place(file, "/" + AugmentOption.NAME));
      } else if (e.getValue().isArray()) {
        e.getValue().forEach(v -> options.add(name + "=" + v.asText()));
      } else {
        options.add(name + "=" + e.getValue().asText());
      }
    }
    return options;
  }

  private static JsonNode read(Path file, CommandLine line) {
    try {
      JsonNode yaml = YamlFile.parse(file, WholeFile.readText(file));
      if (yaml == null || !yaml.isObject()) {
        throw new ParameterException(
            line, file + ": is no list of options, expected lines such as \"epochs: 20\"");
      }
      return yaml;
    } catch (FileSystemException e) {
      throw new ParameterException(line, file + ": cannot be read");
    } catch (IOException e) {
      throw new ParameterException(line, e.getMessage());
    }
  }

  private static String names(CommandLine line) {
    return line.getCommandSpec().options().stream()
        .filter(o -> !o.hidden())
        .map(o -> o.longestName().substring(2))
        .filter(n -> !List.of("help", "version", "config", "debug").contains(n))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
