package io.github.facemask.dataset;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The photos of a run: path, labels, side of the split and SHA-256 of the bytes of each. A run
 * keeps it as {@value #FILE}, so that it can be traced and reproduced. Immutable.
 */
public final class PhotoListing {

  /** The file's name in the folder of a run. */
  public static final String FILE = "photos.csv";

  private static final ImmutableList<String> COLUMNS =
      ImmutableList.of("side", "id", "file", "person", "age", "class", "sha256");

  private final ImmutableList<Row> rows;

  /** A side of the split. */
  private enum Side {
    TRAIN,
    VALIDATION;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A photo; without a digest if it is not a file. */
  private record Row(Side side, FacePhoto photo, Optional<Digest> digest) {}

  private PhotoListing(ImmutableList<Row> rows) {
    this.rows = rows;
  }

  /**
   * Reads the bytes of all photos, in parallel.
   *
   * @param training the photos to train on
   * @param validation the photos to validate on
   * @return the listing; a photo that is not a file has no digest
   * @throws IOException if a file cannot be read
   */
  public static PhotoListing of(PhotoSet training, PhotoSet validation) throws IOException {
    try {
      return new PhotoListing(
          ImmutableList.<Row>builder()
              .addAll(rows(Side.TRAIN, training))
              .addAll(rows(Side.VALIDATION, validation))
              .build());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<Row> rows(Side side, PhotoSet photos) {
    return photos.stream()
        .parallel()
        .map(photo -> new Row(side, photo, digest(photo.photo().file())))
        .toList();
  }

  private static Optional<Digest> digest(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.ofFile(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a listing.
   *
   * @param file a file that {@link #write} wrote
   * @return the listing
   * @throws IOException if it cannot be read or is malformed; the message names the line
   */
  public static PhotoListing read(Path file) throws IOException {
    List<ReadProblem> problems = new ArrayList<>();
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    CsvTable.read(
        file,
        COLUMNS,
        problems,
        (line, cells) -> {
          try {
            rows.add(row(cells));
          } catch (IllegalArgumentException e) {
            problems.add(new ReadProblem(file, line, e.getMessage(), "restore the file"));
          }
        });
    if (!problems.isEmpty()) {
      ReadProblem first = problems.get(0);
      throw new InvalidFileException(file, first.line(), Problem.saying(first.what()), null);
    }
    return new PhotoListing(rows.build());
  }

  private static OptionalInt years(String cell) {
    return cell.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(cell));
  }

  /** The set's name came later, so older listings lack its column. */
  private static String[] written() {
    return Stream.concat(COLUMNS.stream(), Stream.of("set")).toArray(String[]::new);
  }

  private static Row row(CsvTable.Cells cells) {
    String digest = cells.get("sha256");
    Path file;
    try {
      file = Path.of(cells.get("file"));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("file is no path: " + e.getMessage(), e);
    }
    return new Row(
        Side.valueOf(cells.get("side").toUpperCase(Locale.ROOT)),
        new FacePhoto(
            new Photo(cells.get("id"), file),
            cells.get("person"),
            years(cells.get("age")),
            FaceLabel.ofId(Integer.parseInt(cells.get("class"))),
            cells.isMapped("set") ? cells.get("set") : ""),
        digest.isEmpty() ? Optional.empty() : Optional.of(new Digest(digest)));
  }

  /**
   * Writes the listing as a table with a header and one line for each photo.
   *
   * @param file the file, replaced atomically
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVFormat format =
              CSVFormat.RFC4180.builder().setRecordSeparator("\n").setHeader(written()).get();
          CSVPrinter table = new CSVPrinter(writer, format);
          for (Row row : rows) {
            FacePhoto photo = row.photo();
            table.printRecord(
                row.side().text(),
                photo.photo().id(),
                photo.photo().file().toAbsolutePath().normalize(),
                photo.person(),
                photo.ageYears().isPresent() ? photo.ageYears().getAsInt() : "",
                photo.label().id(),
                row.digest().map(Digest::hex).orElse(""),
                photo.set());
          }
          table.flush();
        });
  }

  /** Returns the photos to train on, in order. */
  public PhotoSet training() {
    return photos(Side.TRAIN);
  }

  /** Returns the photos to validate on, in order. */
  public PhotoSet validation() {
    return photos(Side.VALIDATION);
  }

  private PhotoSet photos(Side side) {
    return PhotoSet.of(rows.stream().filter(r -> r.side() == side).map(Row::photo).toList());
  }

  /** Returns the SHA-256 of the bytes of each photo that is a file, by id. */
  public Map<String, Digest> digests() {
    ImmutableMap.Builder<String, Digest> digests = ImmutableMap.builder();
    rows.forEach(r -> r.digest().ifPresent(d -> digests.put(r.photo().photo().id(), d)));
    return digests.buildKeepingLast();
  }

  /**
   * Returns a digest of the ids and bytes of photos without labels.
   *
   * @param photos the photos
   * @return the digest, independent of the photos' folder
   * @throws IOException if one cannot be read
   */
  public static Digest digestOf(List<Photo> photos) throws IOException {
    return PhotoDigests.of(photos).digest();
  }

  /** Returns a digest of ids and bytes, independent of the photos' folder. */
  public Digest digest() {
    return new PhotoDigests(digests()).digest();
  }

  /**
   * Returns the listing of the same photos in another folder.
   *
   * @param folder replaces the deepest folder that holds all photos
   * @return the changed listing
   */
  public PhotoListing withRoot(Path folder) {
    Optional<Path> root =
        rows.stream()
            .map(r -> r.photo().photo().file().toAbsolutePath().normalize().getParent())
            .reduce(PhotoListing::common);
    if (root.isEmpty()) {
      return this;
    }
    ImmutableList.Builder<Row> moved = ImmutableList.builder();
    for (Row row : rows) {
      FacePhoto photo = row.photo();
      Path inside = root.get().relativize(photo.photo().file().toAbsolutePath().normalize());
      Photo there = new Photo(photo.photo().id(), folder.resolve(inside.toString()));
      moved.add(new Row(row.side(), photo.withPhoto(there), row.digest()));
    }
    return new PhotoListing(moved.build());
  }

  private static Path common(Path a, Path b) {
    Path shared = a;
    while (shared != null && !b.startsWith(shared)) {
      shared = shared.getParent();
    }
    return shared == null ? a.getRoot() : shared;
  }

  /**
   * Reads the photos again.
   *
   * @return how they differ from the listing
   * @throws IOException if a file cannot be read
   */
  public Changes changes() throws IOException {
    PhotoListing now = of(training(), validation());
    ImmutableList.Builder<String> changed = ImmutableList.builder();
    ImmutableList.Builder<String> missing = ImmutableList.builder();
    for (int i = 0; i < rows.size(); i++) {
      Row then = rows.get(i);
      Optional<Digest> is = now.rows.get(i).digest();
      if (then.digest().isPresent() && is.isEmpty()) {
        missing.add(then.photo().photo().id());
      } else if (!then.digest().equals(is)) {
        changed.add(then.photo().photo().id());
      }
    }
    return new Changes(rows.size(), changed.build(), missing.build());
  }

  /**
   * The differences between a listing and the photos on disk.
   *
   * @param photos the number of listed photos
   * @param changed the ids of the photos whose bytes differ
   * @param missing the ids of the photos that are missing
   */
  public record Changes(int photos, List<String> changed, List<String> missing) {

    /** Returns whether no photo was changed or is missing. */
    public boolean none() {
      return changed.isEmpty() && missing.isEmpty();
    }
  }
}
