package io.github.facemask.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The files of options and plans, read without doing what they ask for. */
public final class CommandFiles {

  private CommandFiles() {}

  /** Reads the options of a training from a file as {@code --config} does. */
  public static List<String> options(Path file) throws IOException {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    CommandLine train = MaskCommand.commandLine(nowhere, nowhere).getSubcommands().get("train");
    try {
      return ConfigFile.options(file, List.of(), train);
    } catch (ParameterException wrong) {
      // What the command prints as a line.
      throw new IOException(wrong.getMessage(), wrong);
    }
  }

  /** Reads what a search tries. */
  public static int searchPlan(Path file) throws IOException {
    return SearchPlan.read(file, List.of()).list().size();
  }

  /** Reads what an ablation trains. */
  public static int plan(Path file) throws IOException {
    return AblationPlan.read(file).switches().size();
  }
}
