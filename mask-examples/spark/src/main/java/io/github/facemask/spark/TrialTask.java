package io.github.facemask.spark;

import io.github.facemask.cli.MaskCommand;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.Function;

/** Trains one of the trainings of a command, on an executor. */
final class TrialTask implements Function<String, TrialTask.Outcome> {

  private static final long serialVersionUID = 1;

  /** The trainings of a process use all of its cores, so they run one after another. */
  private static final Object ONE_AT_A_TIME = new Object();

  private final ArrayList<String> command;

  TrialTask(List<String> command) {
    this.command = new ArrayList<>(command);
  }

  /**
   * What became of a training.
   *
   * @param name its name
   * @param code the exit code of the command
   * @param told the last line of its errors, if it failed
   */
  record Outcome(String name, int code, String told) implements Serializable {}

  @Override
  public Outcome call(String name) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--only", name));
    StringWriter errors = new StringWriter();
    // The output is in the log of the executor.
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    int code;
    synchronized (ONE_AT_A_TIME) {
      code =
          MaskCommand.commandLine(out, new PrintWriter(errors, true))
              .execute(words.toArray(String[]::new));
    }
    System.err.print(errors);
    String told = errors.toString().strip().lines().reduce("", (a, b) -> b);
    return new Outcome(name, code, code == 0 ? "" : told);
  }
}
