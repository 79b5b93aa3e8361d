package io.github.facemask.cli.report;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.OutFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares runs on one page. */
@Command(
    name = "compare",
    header = "Compares runs on one HTML page.",
    description = {
      "Writes one HTML page that compares runs: the best epoch of each, the parameters in which",
      "they differ and their curves."
    },
    footer = {"", "Example: mask compare --out compare.html runs/<a> runs/<b> runs/<c>"})
public final class CompareCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The page.")
  Path out;

  @Parameters(paramLabel = "RUN", arity = "2..*", description = "Folders of runs.")
  List<Path> runs;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    Set<Path> seen = new HashSet<>();
    for (Path run : runs) {
      checkArgument(
          seen.add(run.toAbsolutePath().normalize()),
          "%s: is named twice, expected each run once",
          run);
    }
    ComparisonPage.write(runs, out);
    spec.commandLine().getOut().printf("%s: %s%n", out, Count.of(runs, "run"));
    return 0;
  }
}
