package io.github.facemask.cli.data;

import io.github.facemask.cli.options.Progress;
import io.github.facemask.cli.options.Threads;
import io.github.facemask.lab.synthetic.SyntheticFaces;
import io.github.facemask.lab.synthetic.SyntheticSummary;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws a synthetic data set. */
@Command(
    name = "synth",
    header = "Draws synthetic face photos in the competition's layout.",
    description = {
      "Draws synthetic face photos in the competition's layout: seven photos of each person,",
      "train.csv, eval/info.csv, and truth.csv with the true boxes and classes. The same seed",
      "gives the same bytes. For tests, demonstrations and benchmarks; shows no real person."
    },
    footer = {"", "Example: mask synth --out photos --people 100"})
public final class SynthCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder.")
  Path out;

  @Option(
      names = "--people",
      defaultValue = "300",
      paramLabel = "N",
      description = {
        "People to draw, seven photos each; at least 36, six of each gender and age group",
        "(default: ${DEFAULT-VALUE})."
      })
  int people;

  @Option(
      names = "--eval-photos",
      defaultValue = "210",
      paramLabel = "N",
      description = "Evaluation photos of other people (default: ${DEFAULT-VALUE}).")
  int evaluationPhotos;

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "Seed of the faces (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--threads",
      defaultValue = Threads.AUTO,
      converter = Threads.class,
      paramLabel = "auto|N",
      description =
          "Threads that draw; auto is one for each processor (default: ${DEFAULT-VALUE}).")
  int threads;

  @Option(
      names = "--background-faces",
      defaultValue = "0.15",
      paramLabel = "SHARE",
      description = "Share of photos with a second face (default: ${DEFAULT-VALUE}).")
  double backgroundFaces;

  @Override
  public Integer call() throws Exception {
    int photos = 7 * people + evaluationPhotos;
    SyntheticSummary summary;
    try (Progress progress = Progress.of("draw", photos, "photos")) {
      summary =
          SyntheticFaces.builder(out)
              .optPeople(people)
              .optEvaluationPhotos(evaluationPhotos)
              .optSeed(seed)
              .optThreads(Threads.orProcessors(threads))
              .optBackgroundFaces(backgroundFaces)
              .optProgress(progress::to)
              .build()
              .write();
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d photos of %d people, and %d evaluation photos%n",
            summary.root(), summary.trainingPhotos(), summary.people(), summary.evaluationPhotos());
    if (summary.people() > people) {
      spec.commandLine()
          .getErr()
          .printf(
              "--people is %d: %d are drawn at least, six of each gender and age group%n",
              people, summary.people());
    }
    return 0;
  }
}
