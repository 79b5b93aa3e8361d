package io.github.facemask.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the README shows is what there is. */
class ReadmeTest {

  private static final List<String> DJL =
      List.of(
          "ai.djl.ndarray",
          "ai.djl.training.listener",
          "ai.djl.training.loss",
          "ai.djl.training.tracker");

  private static final List<String> PACKAGES =
      List.of(
          "catalog",
          "classifier",
          "combination",
          "dataset",
          "ensemble",
          "label",
          "loader",
          "loss",
          "mixing",
          "optimizer",
          "sampling",
          "training",
          "transform");

  @Test
  void theSnippetCompiles(@TempDir Path folder) throws IOException {
    compile(folder, "", snippet(readme()));
  }

  @Test
  void theSnippetOfTheTrainingGuideCompiles(@TempDir Path folder) throws IOException {
    String guide = Files.readString(Path.of("../docs/training.md"));

    compile(folder, "Backbone backbone, TrainingData data", snippet(guide));
  }

  @Test
  void theSnippetOfTheGuideToEnsemblesCompiles(@TempDir Path folder) throws IOException {
    compile(folder, "", snippet(Files.readString(Path.of("../docs/ensembles.md"))));
  }

  @Test
  void theSnippetOfTheDeployGuideCompiles(@TempDir Path folder) throws IOException {
    compile(folder, "", snippet(Files.readString(Path.of("../docs/deploy.md"))));
  }

  private static String snippet(String page) {
    Matcher snippet = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(snippet.find()).isTrue();
    return snippet.group(1);
  }

  private static void compile(Path folder, String given, String snippet) throws IOException {
    String imports =
        Stream.concat(PACKAGES.stream().map(p -> "io.github.facemask." + p), DJL.stream())
            .map(p -> "import " + p + ".*;\n")
            .collect(Collectors.joining());
    Path source = folder.resolve("Snippet.java");
    Files.writeString(
        source,
        imports
            + "import java.nio.file.Path;\nclass Snippet {\n  void run("
            + given
            + ") throws Exception {\n"
            + snippet
            + "  }\n}\n");
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

  @Test
  void theTableNamesEveryCommand() throws IOException {
    CommandLine line = new CommandLine(new MaskCommand());

    for (String name : line.getSubcommands().keySet()) {
      assertThat(readme()).contains("| `" + name + "` |");
    }
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("../README.md"));
  }
}
