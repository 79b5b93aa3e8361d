package io.github.facemask.command;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import java.io.PrintWriter;
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
    description = {
      "Finds the main face of each photo and writes the decisions, one JSON line a photo: the",
      "box, all faces seen, the rule that chose, and fallbacks where no face was found.",
      "The photos are not touched; 'mask train --crops FILE' cuts by the table."
    })
final class CropCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The table.")
  Path out;

  @Option(
      names = "--review",
      paramLabel = "FILE",
      description = "A person's verdicts on crops, which are obeyed.")
  Path review;

  @Option(
      names = "--threads",
      defaultValue = "0",
      description = "Threads; 0 for one a processor (default: ${DEFAULT-VALUE}).")
  int threads;

  @Override
  public Integer call() throws Exception {
    PhotoSet photos = data.photos(spec.commandLine().getErr());
    CropTable table =
        Crops.of(
            photos, Optional.of(out), Optional.ofNullable(review), Threads.orProcessors(threads));
    table.write(out);
    PrintWriter to = spec.commandLine().getOut();
    to.printf("%s: %d photos%n", out, photos.size());
    for (Map.Entry<CropDecision.Rule, Long> e : table.counts().entrySet()) {
      to.printf(
          Locale.ROOT,
          "  %-22s %6d%n",
          e.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          e.getValue());
    }
    return 0;
  }
}
