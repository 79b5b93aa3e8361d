package io.github.facemask.cli.data;

import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.CropOptions;
import io.github.facemask.cli.options.Crops;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.Threads;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.CropTable.AuditMark;
import io.github.facemask.lab.cropaudit.CropAccuracy;
import io.github.facemask.lab.synthetic.SyntheticTruth;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds the main face of each photo. */
@Command(
    name = "crop",
    header = "Finds the main face of each photo, with recorded fallbacks.",
    description = {
      "Finds the main face of each photo and writes one JSON line for each photo: the crop, all",
      "found faces, the rule that chose the crop, and fallbacks if no face was found. The photos",
      "are not changed; after 'mask audit-crops', 'mask train --crops FILE' uses the table.",
      "On a synthetic set (truth.csv) it also prints how often the right person is cropped."
    },
    footer = {"", "Example: mask crop --data photos --out crops.jsonl"})
public final class CropCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;

  @Mixin CropOptions faces;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The table.")
  Path out;

  @Option(
      names = "--review",
      paramLabel = "FILE",
      description = "A reviewer's verdicts on crops, which are applied.")
  Path review;

  @Option(
      names = "--threads",
      defaultValue = Threads.AUTO,
      converter = Threads.class,
      paramLabel = "auto|N",
      description = "Threads; auto is one for each processor (default: ${DEFAULT-VALUE}).")
  int threads;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    PhotoSet photos = data.photos(spec.commandLine().getErr());
    CropTable table =
        Crops.of(
            photos,
            faces.crop(),
            data.decoder(),
            Optional.of(out),
            Optional.ofNullable(review),
            Threads.orProcessors(threads));
    table.write(out);
    PrintWriter to = spec.commandLine().getOut();
    to.printf("%s: %s%s%n", out, Count.of(photos.size(), "photo"), Count.leftOut(data.leftOut()));
    for (Map.Entry<CropDecision.Rule, Long> e : table.counts().entrySet()) {
      to.printf(
          Locale.ROOT,
          "  %-22s %6d%n",
          e.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          e.getValue());
    }
    if (table.audited()) {
      // The decisions come from an audit of these crops, so the new table keeps the audit mark.
      AuditMark before = AuditMark.of(out).orElseThrow();
      new AuditMark(table.digest().hex(), photos.size(), before.flagged(), before.shown())
          .write(out);
    } else {
      to.printf(
          "next: mask audit-crops --data %s --crops %s --out crops.html%n", data.words(), out);
    }
    if (Files.exists(data.path().resolve(SyntheticTruth.FILE))) {
      print(CropAccuracy.of(table, SyntheticTruth.read(data.path())));
    }
    return 0;
  }

  private void print(CropAccuracy accuracy) {
    PrintWriter to = spec.commandLine().getOut();
    to.println("whose face is cropped, by what was drawn (a face in the background: with or not):");
    to.printf(
        "  %-13s %-7s %7s %7s %7s %11s %10s %9s %9s %11s %17s%n",
        "mask",
        "",
        "photos",
        "found",
        "right",
        "background",
        "elsewhere",
        "fallback",
        "held",
        "both found",
        "background there");
    for (CropAccuracy.Row row : accuracy.rows()) {
      to.printf(
          "  %-13s %-7s %7d %7d %7d %11d %10d %9d %9d %11d %17d%n",
          row.mask().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          row.background() ? "with" : "without",
          row.photos(),
          row.subjectFound(),
          row.right(),
          row.backgroundPerson(),
          row.elsewhere(),
          row.fallback(),
          row.held(),
          row.bothFound(),
          row.backgroundOfBoth());
    }
    to.printf(
        Locale.ROOT,
        "  never the background where both are found: %.1f %%; held: the crop, fallbacks too, holds"
            + " 9 tenths of the face%n",
        100 * accuracy.rightOfBoth());
  }
}
