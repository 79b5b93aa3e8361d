package io.github.facemask.command;

import io.github.facemask.dataset.Fold;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.report.DataSections;
import io.github.facemask.report.HtmlReport;
import io.github.facemask.report.Section;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a data set holds. */
@Command(
    name = "analyse",
    description = {
      "Counts photos and people by class, shows how uneven the classes are and how the split",
      "shares them, and writes a page with sample photos of each class."
    })
final class AnalyseCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;

  @Option(names = "--out", paramLabel = "FILE", description = "Also write an HTML page.")
  Path out;

  @Override
  public Integer call() throws Exception {
    PrintWriter to = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    PhotoSet photos = data.photos(err);
    Fold split = data.split(photos, err);
    print(to, photos, split);
    if (out != null) {
      HtmlReport.of("Photos of " + data.data.getFileName())
          .optSubtitle(photos.size() + " photos of " + photos.people().size() + " people")
          .add(summary(photos, split))
          .add(DataSections.classCounts("Photos by class", photos))
          .add(DataSections.classCounts("Training photos by class", split.train()))
          .add(DataSections.classCounts("Validation photos by class", split.valid()))
          .add(DataSections.samples("Sample photos", photos, 2, data.splitSeed))
          .build()
          .write(out);
      to.println(out);
    }
    return 0;
  }

  private static void print(PrintWriter to, PhotoSet photos, Fold split) {
    to.printf("%d photos of %d people%n", photos.size(), photos.people().size());
    to.printf("%-42s %8s %8s %8s%n", "class", "photos", "train", "valid");
    int[] train = split.train().classCounts();
    int[] valid = split.valid().classCounts();
    int[] all = photos.classCounts();
    for (FaceClass each : FaceClass.values()) {
      int id = each.id();
      to.printf("%2d %-39s %8d %8d %8d%n", id, each.displayName(), all[id], train[id], valid[id]);
    }
    to.printf(Locale.ROOT, "largest to smallest class: %.1f : 1%n", imbalance(photos));
  }

  private static Section summary(PhotoSet photos, Fold split) {
    return new Section.Numbers(
        "Summary",
        List.of(
            new Section.Figure("photos", Integer.toString(photos.size()), ""),
            new Section.Figure("people", Integer.toString(photos.people().size()), ""),
            new Section.Figure(
                "imbalance",
                String.format(Locale.ROOT, "%.1f : 1", imbalance(photos)),
                "largest to smallest class"),
            new Section.Figure(
                "validation",
                Integer.toString(split.valid().people().size()),
                "people, none of them in training")));
  }

  private static double imbalance(PhotoSet photos) {
    int[] counts = photos.classCounts();
    int smallest = Math.max(1, Arrays.stream(counts).min().orElse(1));
    return (double) Arrays.stream(counts).max().orElse(0) / smallest;
  }
}
