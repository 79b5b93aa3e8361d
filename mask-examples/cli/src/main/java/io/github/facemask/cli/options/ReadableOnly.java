package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.ReadReport;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.loader.PhotoLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Leaves out the photos that cannot be decoded, for {@code --lenient}. */
final class ReadableOnly {

  private static final int NAMED = 5;

  private ReadableOnly() {}

  /** Returns the photos that can be decoded, and tells the others. */
  static PhotoSet.Reading of(PhotoSet photos, PhotoDecoder decoder, PrintWriter err)
      throws IOException {
    PhotoSet.Reading reading;
    try (Progress progress = Progress.of("check", photos.size(), "photos")) {
      reading = PhotoLoader.readable(photos, decoder, Threads.orProcessors(0), progress::to);
    }
    tell(reading.report(), photos.size(), err);
    checkArgument(
        photos.size() == 0 || reading.photos().size() > 0,
        "none of %s can be read, expected some",
        Count.of(photos.size(), "photo"));
    return reading;
  }

  private static void tell(ReadReport report, int all, PrintWriter err) {
    List<ReadProblem> problems = report.problems();
    if (problems.isEmpty()) {
      return;
    }
    err.printf("mask: %d of %s left out, unreadable:%n", problems.size(), Count.of(all, "photo"));
    problems.stream().limit(NAMED).forEach(problem -> err.println("  " + problem));
    if (problems.size() > NAMED) {
      err.printf("  and %d more%n", problems.size() - NAMED);
    }
  }
}
