package io.github.facemask.cli;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The mask command in a process of its own. */
final class MaskProcess {

  private MaskProcess() {}

  /** Starts it; what it prints goes into a file. */
  static Process start(Path log, List<String> javaOptions, Object... arguments) throws IOException {
    return builder(javaOptions, arguments)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Returns what starts it, for instance for other surroundings. */
  static ProcessBuilder builder(List<String> javaOptions, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ImmutableList.of("-Xmx1g", "-Dai.djl.offline=true"));
    command.addAll(javaOptions);
    command.addAll(ImmutableList.of("-cp", System.getProperty("java.class.path")));
    command.add(MaskCommand.class.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command);
  }
}
