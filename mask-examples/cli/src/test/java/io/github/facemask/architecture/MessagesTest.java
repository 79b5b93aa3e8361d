package io.github.facemask.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.facemask.cli.MaskCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Errors travel as values: the library knows no command, and the command reads no sentences. */
class MessagesTest {

  private static final Path ROOT = Path.of("../..");

  /** A comment, a character or a literal, whichever begins first. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "/\\*.*?\\*/|//[^\\n]*|'(?:[^'\\\\]|\\\\[^']+|\\\\')'|\"\"\"(?<block>.*?)\"\"\""
              + "|\"(?<line>(?:[^\"\\\\\\n]++|\\\\.)*+)\"",
          Pattern.DOTALL);

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z]");

  /** What asks a text whether it says something, or changes it. */
  private static final Pattern READ_MESSAGE =
      Pattern.compile(
          "(?:getMessage|getOriginalMessage|reason|getReason)\\(\\)\\)?\\s*"
              + "\\.(?:contains|startsWith|endsWith|matches|indexOf|replace\\w*|split)\\(");

  @Test
  void theLibraryNamesNoOptionAndNoCommand() throws IOException {
    Pattern command =
        Pattern.compile("\\bmask (?:" + String.join("|", commands()) + ")\\b|^mask $");
    for (Path source : sources("mask-core", "mask-augment", "mask-models")) {
      for (String literal : literals(Files.readString(source))) {
        assertThat(OPTION.matcher(literal).find()).as("%s: %s", source, literal).isFalse();
        assertThat(command.matcher(literal).find()).as("%s: %s", source, literal).isFalse();
      }
    }
  }

  @Test
  void nothingReadsTheMessageOfAnError() throws IOException {
    for (Path source :
        sources(
            "mask-core",
            "mask-augment",
            "mask-models",
            "mask-examples/lab",
            "mask-examples/serve",
            "mask-examples/cli")) {
      Matcher read = READ_MESSAGE.matcher(Files.readString(source));
      assertThat(read.find() ? read.group() : "").as(source.toString()).isEmpty();
    }
  }

  @Test
  void noClassOfTheCommandHasBothErrorsAndRegularExpressions() {
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.facemask.cli")) {
      boolean messages =
          type.getMethodCallsFromSelf().stream()
              .anyMatch(
                  call ->
                      call.getTarget().getName().equals("getMessage")
                          && call.getTargetOwner().isAssignableTo(Throwable.class));
      boolean patterns =
          type.getDirectDependenciesFromSelf().stream()
              .anyMatch(d -> d.getTargetClass().getPackageName().equals("java.util.regex"));
      assertThat(messages && patterns).as(type.getName()).isFalse();
    }
  }

  @Test
  void literalsAreFoundAndCommentsAreNot() {
    String source = "/** \"--a\" */ x(\"say \\\"--b\\\"\", \"\"\"\n--c\n\"\"\"); // \"--d\"";

    assertThat(literals(source)).hasSize(2).first().asString().contains("--b");
    assertThat(READ_MESSAGE.matcher("e.getMessage().contains(\"a\")").find()).isTrue();
    assertThat(READ_MESSAGE.matcher("String.valueOf(e.getMessage()).replace(a, b)").find())
        .isTrue();
    assertThat(READ_MESSAGE.matcher("e.getMessage() + name.replace(a, b)").find()).isFalse();
  }

  private static List<String> commands() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return List.copyOf(MaskCommand.commandLine(nowhere, nowhere).getSubcommands().keySet());
  }

  private static List<String> literals(String source) {
    List<String> found = new ArrayList<>();
    Matcher literal = LITERAL.matcher(source);
    while (literal.find()) {
      String block = literal.group("block");
      String line = block == null ? literal.group("line") : block;
      if (line != null) {
        found.add(line);
      }
    }
    return found;
  }

  private static List<Path> sources(String... modules) throws IOException {
    List<Path> all = new ArrayList<>();
    for (String module : modules) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        files.filter(f -> f.toString().endsWith(".java")).forEach(all::add);
      }
    }
    return all;
  }
}
