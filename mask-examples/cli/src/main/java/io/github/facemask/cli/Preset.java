package io.github.facemask.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import io.github.facemask.cli.options.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Options that go together.
 *
 * @param name its name
 */
record Preset(String name) {

  static final String OPTION = "--preset";

  private static final ImmutableList<String> NAMES =
      ImmutableList.of("finetune-small", "finetune", "from-scratch");

  /** Returns the preset of a name. */
  static Preset named(String name, CommandLine line) {
    String known = name.toLowerCase(Locale.ROOT).replace('_', '-');
    if (!NAMES.contains(known)) {
      throw new ParameterException(
          line, OPTION + " is '" + name + "', expected one of " + String.join(", ", NAMES));
    }
    return new Preset(known);
  }

  /**
   * Returns its options by name, without those that an option of the command line excludes.
   *
   * @param words the words of the command line
   */
  JsonNode options(List<String> words) {
    ObjectNode options = (ObjectNode) read();
    if (words.stream().anyMatch(word -> word.startsWith("--warmup-steps"))) {
      options.remove("warmup-epochs");
    }
    return options;
  }

  private JsonNode read() {
    try {
      return YamlFile.parse(
          Path.of(name),
          Resources.toString(
              Resources.getResource(Preset.class, "presets/" + name + ".yaml"),
              StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
