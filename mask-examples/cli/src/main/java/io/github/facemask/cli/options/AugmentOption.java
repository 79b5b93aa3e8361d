package io.github.facemask.cli.options;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.augmentation.Augmentation.InvalidEntryException;
import io.github.facemask.augmentation.Augmentation.Preset;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/**
 * The option that names what is done to training photos: a preset, or a file with a list. A list
 * inside another file is named by the file and the place in it, for instance {@code
 * train.yaml#/augment}.
 */
public final class AugmentOption {

  /** The option, and the key of a list in a file of options. */
  public static final String NAME = "augment";

  private static final ObjectMapper JSON = new ObjectMapper();

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--" + NAME,
      paramLabel = "NAME|FILE",
      description = {
        "What is done to training photos: light (default), medium, strong, trivial, rand or augmix,",
        "or a YAML file with a list such as \"- color-jitter: {brightness: 0.2}\"; a config file",
        "may have the list itself. docs/augmentation.md has all names."
      })
  String augment;

  /**
   * What the option says.
   *
   * @param augmentation what is done to photos
   * @param list whether it is a list, which is complete as it is
   */
  public record Choice(Augmentation augmentation, boolean list) {}

  /** Returns the value of the option for a list inside a file. */
  public static String place(String file, String pointer) {
    return file + "#" + pointer;
  }

  /**
   * Reads the option.
   *
   * @return what it says; empty if it is not given
   * @throws IOException if a file cannot be read, or an entry is wrong; then with its line
   */
  public Optional<Choice> read() throws IOException {
    return augment == null ? Optional.empty() : Optional.of(read(augment));
  }

  /**
   * Reads a value of the option.
   *
   * @throws IOException as {@link #read()}
   */
  public static Choice read(String value) throws IOException {
    Optional<Augmentation> preset = preset(value);
    if (preset.isPresent()) {
      return new Choice(preset.get(), false);
    }
    Optional<Path> whole = file(value);
    if (whole.isPresent()) {
      return read(whole.get(), "");
    }
    int mark = value.lastIndexOf("#/");
    Optional<Path> part = mark < 0 ? Optional.empty() : file(value.substring(0, mark));
    check(
        part.isPresent(),
        NAME,
        value,
        "one of " + String.join(", ", names()) + ", or a file with a list of transforms");
    return read(part.get(), value.substring(mark + 1));
  }

  private static List<String> names() {
    return Stream.of(Preset.values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static Optional<Augmentation> preset(String name) {
    return Stream.of(Preset.values())
        .filter(each -> each.name().equalsIgnoreCase(name))
        .map(Preset::augmentation)
        .findFirst();
  }

  private static Optional<Path> file(String name) {
    try {
      return Optional.of(Path.of(name)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Choice read(Path file, String pointer) throws IOException {
    String text = WholeFile.readText(file);
    JsonNode yaml = YamlFile.parse(file, text);
    // A file of options has the list under its key.
    String at = pointer.isEmpty() && yaml != null && yaml.has(NAME) ? "/" + NAME : pointer;
    JsonNode list = yaml == null ? JSON.missingNode() : yaml.at(at);
    Optional<Augmentation> preset = preset(list.asText());
    if (preset.isPresent()) {
      return new Choice(preset.get(), false);
    }
    if (!list.isArray()) {
      throw new InvalidFileException(
          file,
          lineOf(text, at),
          Problem.saying("is no list of transforms")
              .withExpected("lines such as \"- flip\" and \"- color-jitter: {brightness: 0.2}\""),
          null);
    }
    try {
      return new Choice(
          Augmentation.read(JSON.convertValue(list, new TypeReference<List<Object>>() {})), true);
    } catch (InvalidEntryException e) {
      throw new InvalidFileException(file, lineOf(text, at + e.pointer()), e.problem(), e);
    }
  }

  /** Returns the line of a value, or of its key where there is one; 0 if there is no such value. */
  private static long lineOf(String text, String pointer) throws IOException {
    JsonPointer wanted = JsonPointer.compile(pointer);
    try (JsonParser tokens = new YAMLFactory().createParser(text)) {
      while (tokens.nextToken() != null) {
        if (tokens.getParsingContext().pathAsPointer().equals(wanted)) {
          return tokens.currentTokenLocation().getLineNr();
        }
      }
    }
    return 0;
  }
}
