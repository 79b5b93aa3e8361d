package io.github.facemask.benchmark;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.provenance.Digest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to read a table of photos, each of which is checked to be there? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class IndexBenchmark {

  /** Rows of the table. */
  @Param({"10000", "100000", "1000000"})
  public int photos;

  /** Whether every row has all labels, or lacks one in turn. */
  @Param({"full", "partial"})
  public String labels;

  private Path folder;
  private Path table;

  /** Writes the table and an empty file for each photo, a thousand a folder. */
  @Setup
  public void write() throws IOException {
    folder = Files.createTempDirectory("index-benchmark");
    table = folder.resolve("photos.csv");
    try (BufferedWriter rows = Files.newBufferedWriter(table)) {
      rows.write("path,person,mask,gender,age\n");
      int written = 0;
      for (FacePhoto photo : People.of(photos)) {
        Path parent = folder.resolve(Integer.toString(written / 1000));
        if (written % 1000 == 0) {
          Files.createDirectory(parent);
        }
        Path file = Files.createFile(parent.resolve(written++ + ".jpg"));
        rows.write(folder.relativize(file) + "," + photo.person() + ",");
        int lacking = labels.equals("partial") ? written % 3 : -1;
        FaceLabel label = photo.label();
        rows.write(lacking == 0 ? "," : lower(label.mask().orElseThrow()) + ",");
        rows.write(lacking == 1 ? "," : lower(label.gender().orElseThrow()) + ",");
        rows.write((lacking == 2 ? "" : photo.ageYears().getAsInt()) + "\n");
      }
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The photos of the table, for what needs them; reading must not share its memory with them. */
  @State(Scope.Benchmark)
  public static class Read {
    PhotoSet photos;

    /** Reads the table. */
    @Setup
    public void read(IndexBenchmark benchmark) throws IOException {
      photos = ManifestFile.read(benchmark.table);
    }
  }

  /** Deletes what was written. */
  @TearDown
  public void delete() throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  /** Reads the table. */
  @Benchmark
  public PhotoSet read() throws IOException {
    return ManifestFile.read(table);
  }

  /** Computes the digest of the labels. */
  @Benchmark
  public Digest digest(Read read) {
    return read.photos.digest();
  }
}
