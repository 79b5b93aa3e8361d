package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the README and the guides show is what there is. */
class ReadmeTest {

  private static final Path ROOT = Path.of("../..");

  private static final List<String> DJL =
      List.of(
          "ai.djl",
          "ai.djl.inference",
          "ai.djl.modality",
          "ai.djl.modality.cv",
          "ai.djl.ndarray",
          "ai.djl.repository.zoo",
          "ai.djl.training.listener",
          "ai.djl.training.loss",
          "ai.djl.training.tracker");

  /** What a snippet takes as given; its own variables hide these. */
  private static final String GIVEN =
      """
        Path model;
        Path photo;
        Backbone backbone;
        TrainingData data;
        NDArray photos;
      """;

  /**
   * A block of Java on a page.
   *
   * @param page the page's path
   * @param line where the block begins
   * @param java what it holds
   */
  record Block(String page, int line, String java) {

    /** Whether it is a file, which names its imports, or statements. */
    boolean isFile() {
      return java.startsWith("import ");
    }

    /** Returns the name of the type of a file. */
    String typeName() {
      Matcher type = Pattern.compile("public .*?(?:class|record) (\\w+)").matcher(java);
      assertThat(type.find()).as(toString()).isTrue();
      return type.group(1);
    }

    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(text);
      while (block.find()) {
        int line = (int) text.substring(0, block.start()).lines().count() + 1;
        blocks.add(new Block(ROOT.relativize(page).toString(), line, block.group(1)));
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void eachBlockOfJavaCompiles(Block block, @TempDir Path folder) throws IOException {
    if (!block.isFile()) {
      compile(folder, "Snippet", statements(block.java()));
    }
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void eachFileOnAPageIsOneThatTheConsumerRuns(Block block) throws IOException {
    if (block.isFile()) {
      Path source = ROOT.resolve("mask-examples/consumer/src/main/java/org/example");
      String run = Files.readString(source.resolve(block.typeName() + ".java"));

      assertThat(block.java()).isEqualTo(run.replace("package org.example;\n\n", ""));
    }
  }

  private static String statements(String java) throws IOException {
    String imports =
        Stream.of(
                facemaskPackages().map(p -> p + ".*"),
                DJL.stream().map(p -> p + ".*"),
                Stream.of("java.nio.file.*", "java.util.*"))
            .flatMap(names -> names)
            .map(name -> "import " + name + ";\n")
            .collect(Collectors.joining());
    return imports
        + "class Snippet {\n"
        + GIVEN
        + "  void run() throws Exception {\n"
        + java
        + "  }\n}\n";
  }

  private static Stream<String> facemaskPackages() throws IOException {
    List<String> names = new ArrayList<>();
    for (String module : List.of("mask-core", "mask-augment", "mask-models")) {
      Path sources = ROOT.resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        files
            .filter(f -> f.endsWith("package-info.java"))
            .map(f -> sources.relativize(f.getParent()).toString().replace('/', '.'))
            .forEach(names::add);
      }
    }
    return names.stream();
  }

  private static void compile(Path folder, String name, String java) throws IOException {
    Path source = folder.resolve(name + ".java");
    Files.writeString(source, java);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-d",
                      folder.toString(),
                      "-cp",
                      System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    for (String more : List.of("CONTRIBUTING.md", "SECURITY.md")) {
      pages.add(ROOT.resolve(more));
    }
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      files.filter(f -> f.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void eachMaskCommandOfAPageHasTheOptionsThatItIsGiven(Path page) throws IOException {
    CommandLine line = new CommandLine(new MaskCommand());
    Matcher call =
        Pattern.compile("^\\./mask ([a-z-]+)((?:[^\\n\\\\#]|\\\\\\n)*)", Pattern.MULTILINE)
            .matcher(Files.readString(page));
    while (call.find()) {
      CommandLine command = line.getSubcommands().get(call.group(1));
      assertThat(command).as(call.group()).isNotNull();
      CommandSpec spec = command.getCommandSpec();
      Matcher option = Pattern.compile("(?<= )--[a-z0-9-]+").matcher(call.group(2));
      while (option.find()) {
        assertThat(spec.options().stream().map(OptionSpec::longestName))
            .as(call.group())
            .contains(option.group());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void eachLinkOfAPageLeadsToAFile(Path page) throws IOException {
    Matcher link = Pattern.compile("\\]\\((?!https?:)([^)#]+)").matcher(Files.readString(page));
    while (link.find()) {
      assertThat(page.resolveSibling(link.group(1))).as(page.toString()).exists();
    }
  }

  @Test
  void theReadmeListsEachGuide() throws IOException {
    for (Path page : pages()) {
      if (page.getParent().endsWith("docs")) {
        assertThat(readme()).contains("](docs/" + page.getFileName() + ")");
      }
    }
  }

  @Test
  void theTableNamesEveryCommand() throws IOException {
    CommandLine line = new CommandLine(new MaskCommand());

    for (String name : line.getSubcommands().keySet()) {
      assertThat(readme()).contains("| `" + name + "` |");
    }
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
