package io.github.facemask.spark;

import io.github.facemask.cli.MaskCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The Spark job that shares the trainings of {@code mask cross-validate}, {@code mask ablate} or
 * {@code mask search} among executors: each training is a task, and an executor trains one at a
 * time. Photos and the folder of {@code --out} must have the same path on all machines. At the end
 * the driver runs the command itself, which finds all trainings done and writes the results.
 *
 * <p>A training whose executor is lost is resumed from its last complete epoch by another one. The
 * results are those of the command alone.
 */
public final class RunTrials {

  private static final Set<String> COMMANDS = Set.of("cross-validate", "ablate", "search");

  private static final int WRONG_INPUT = 2;

  private RunTrials() {}

  /**
   * Runs the job.
   *
   * @param arguments the command and its options, as for {@code mask}
   */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(List.of(arguments), out, err);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(List<String> command, PrintWriter out, PrintWriter err) {
    if (command.isEmpty() || !COMMANDS.contains(command.get(0))) {
      err.println(
          "run-trials: the command is "
              + (command.isEmpty() ? "missing" : "'" + command.get(0) + "'")
              + ", expected cross-validate, ablate or search, with its options");
      return WRONG_INPUT;
    }
    if (command.contains("--pending") || command.contains("--only")) {
      err.println("run-trials: --pending and --only are this job's own; leave them out");
      return WRONG_INPUT;
    }
    Set<String> tried = new HashSet<>();
    // A search has its next rung only when the one before is done.
    for (List<String> pending = new ArrayList<>(); ; pending.clear()) {
      int code = pending(command, pending, err);
      if (code != 0) {
        return code;
      }
      if (pending.isEmpty()) {
        break;
      }
      if (!tried.addAll(pending)) {
        err.println("run-trials: not trained: " + String.join(", ", pending));
        return WRONG_INPUT;
      }
      out.println("trainings to share: " + String.join(", ", pending));
      List<TrialTask.Outcome> outcomes = train(command, pending);
      List<TrialTask.Outcome> failed = outcomes.stream().filter(o -> o.code() != 0).toList();
      failed.forEach(o -> err.println("run-trials: " + o.name() + " failed: " + o.told()));
      if (!failed.isEmpty()) {
        return WRONG_INPUT;
      }
    }
    return MaskCommand.commandLine(out, err).execute(command.toArray(String[]::new));
  }

  private static int pending(List<String> command, List<String> names, PrintWriter err) {
    StringWriter lines = new StringWriter();
    List<String> words = new ArrayList<>(command);
    words.add("--pending");
    int code =
        MaskCommand.commandLine(new PrintWriter(lines, true), err)
            .execute(words.toArray(String[]::new));
    lines.toString().lines().filter(line -> !line.isBlank()).forEach(names::add);
    return code;
  }

  private static List<TrialTask.Outcome> train(List<String> command, List<String> names) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", "facemask " + command.get(0));
    // A task for an executor: its slots would otherwise hold trainings that wait for each other.
    if (conf.contains("spark.executor.cores")) {
      String cores = conf.get("spark.executor.cores");
      conf.setIfMissing("spark.task.cpus", cores);
      // libtorch would otherwise use all cores of the machine in each executor.
      conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", cores);
    }
    // Two copies of a training would write into the same folder.
    conf.set("spark.speculation", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      return spark.parallelize(names, names.size()).map(new TrialTask(command)).collect();
    }
  }
}
