package io.github.facemask.command;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes one model of several. */
@Command(
    name = "ensemble",
    description = {
      "Makes a folder whose members vote with their probabilities. Its manifest names each",
      "member by run, digest and weight; the members are copied into it."
    },
    footer = {"", "Example: mask ensemble --out best runs/<a> runs/<b> --weights 2,1"})
final class EnsembleCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder.")
  Path out;

  @Option(
      names = "--weights",
      split = ",",
      paramLabel = "W",
      description = "A weight for each member, separated by commas (default: equal).")
  List<Double> weights = new ArrayList<>();

  @Parameters(
      paramLabel = "MODEL",
      arity = "1..*",
      description = "Folders of runs, models or ensembles.")
  List<Path> models;

  @Override
  public Integer call() throws Exception {
    checkArgument(
        weights.isEmpty() || weights.size() == models.size(),
        "%s weights for %s members, expected one for each",
        weights.size(),
        models.size());
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      double weight = weights.isEmpty() ? 1 : weights.get(i);
      List<Member> inside = Ensemble.open(models.get(i)).members();
      double sum = inside.stream().mapToDouble(Member::weight).sum();
      // An ensemble's members share the weight that it is given.
      inside.forEach(m -> members.add(new Member(m.model(), weight * m.weight() / sum)));
    }
    Ensemble.of(members).write(out);
    spec.commandLine().getOut().printf("%s: an ensemble of %d models%n", out, members.size());
    return 0;
  }
}
