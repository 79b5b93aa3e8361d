package io.github.facemask.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Adds the options of a YAML file to those of the command line, which win. */
final class ConfigFile {

  private ConfigFile() {}

  /** Runs the last subcommand; with {@code --config}, once its file's options are added. */
  static int execute(ParseResult result) {
    ParseResult last = result;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    Path file = last.matchedOptionValue("--config", result.matchedOptionValue("--config", null));
    if (file == null || last.isUsageHelpRequested()) {
      return new CommandLine.RunLast().execute(result);
    }
    CommandLine line = last.commandSpec().commandLine();
    List<String> arguments = new ArrayList<>(result.originalArgs());
    arguments.addAll(options(file, last, line));
    CommandLine top = result.commandSpec().commandLine();
    CommandLine fresh = MaskCommand.commandLine(top.getOut(), top.getErr());
    // The file is read once: the second parse sees its options as if they had been typed.
    int at = indexOfConfig(arguments);
    if (arguments.get(at).contains("=")) {
      arguments.remove(at);
    } else {
      arguments.subList(at, at + 2).clear();
    }
    return fresh.execute(arguments.toArray(new String[0]));
  }

  private static int indexOfConfig(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).equals("--config") || arguments.get(i).startsWith("--config=")) {
        return i;
      }
    }
    throw new AssertionError(arguments);
  }

  private static List<String> options(Path file, ParseResult given, CommandLine line) {
    List<String> options = new ArrayList<>();
    for (Map.Entry<String, JsonNode> e : read(file, line).properties()) {
      OptionSpec option = line.getCommandSpec().findOption("--" + e.getKey());
      if (option == null) {
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
      if (given.hasMatchedOption(option)) {
        continue;
      }
      if (e.getValue().isArray()) {
        e.getValue().forEach(v -> options.add("--" + e.getKey() + "=" + v.asText()));
      } else {
        options.add("--" + e.getKey() + "=" + e.getValue().asText());
      }
    }
    return options;
  }

  private static JsonNode read(Path file, CommandLine line) {
    try {
      JsonNode yaml = new YAMLMapper().readTree(Files.readAllBytes(file));
      if (yaml == null || !yaml.isObject()) {
        throw new ParameterException(
            line, file + ": is no list of options, expected lines such as \"epochs: 20\"");
      }
      return yaml;
    } catch (JsonProcessingException e) {
      throw new ParameterException(
          line,
          file + ":" + e.getLocation().getLineNr() + ": is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ParameterException(line, file + ": cannot be read");
    }
  }

  private static String names(CommandLine line) {
    return line.getCommandSpec().options().stream()
        .map(o -> o.longestName().substring(2))
        .filter(n -> !List.of("help", "version", "config", "debug").contains(n))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
