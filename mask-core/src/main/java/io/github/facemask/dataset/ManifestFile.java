package io.github.facemask.dataset;

import com.google.common.primitives.ImmutableLongArray;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a table of photos: the columns {@code path,person} and either {@code mask,gender,age} or
 * {@code class}; other columns are ignored. Paths are relative to the table's folder, or absolute;
 * a photo's id is its path as written. Masks are worn, worn_wrongly or not_worn, ages whole years,
 * classes 0 to 17. If there is only a class, the years are unknown.
 */
public final class ManifestFile {

  private final Path file;
  private final Path folder;
  private final boolean lenient;

  private ManifestFile(Builder builder) {
    this.file = builder.file;
    this.folder = builder.file.toAbsolutePath().getParent();
    this.lenient = builder.lenient;
  }

  /**
   * Reads a table strictly.
   *
   * @param file the table
   * @return its photos in order
   * @throws BrokenDataException if anything is wrong
   * @throws IOException if the table is missing or cannot be read
   */
  public static PhotoSet read(Path file) throws IOException {
    return builder(file).build().read().photos();
  }

  /**
   * Starts a reader.
   *
   * @param file the table
   */
  public static Builder builder(Path file) {
    return new Builder(Objects.requireNonNull(file, "file"));
  }

  /**
   * Reads the table row by row; the photos' presence is checked in parallel.
   *
   * @return the photos and the report
   * @throws BrokenDataException if anything is wrong and the reader is strict
   * @throws IOException if the table is missing or cannot be read
   */
  public Reading read() throws IOException {
    List<ReadProblem> problems = new ArrayList<>();
    List<FacePhoto> rows = new ArrayList<>();
    ImmutableLongArray.Builder builder = ImmutableLongArray.builder();
    Set<String> ids = new HashSet<>();
    Map<String, String> people = new HashMap<>();
    CsvTable.read(
        file,
        List.of("path", "person"),
        problems,
        (line, cells) -> {
          try {
            FacePhoto photo = photo(cells, people);
            if (!ids.add(photo.photo().id())) {
              throw new IllegalArgumentException(
                  "path '" + photo.photo().id() + "' occurs twice, expected once");
            }
            rows.add(photo);
            builder.add(line);
          } catch (IllegalArgumentException e) {
            problems.add(new ReadProblem(file, line, e.getMessage(), "correct the row"));
          }
        });
    ImmutableLongArray lines = builder.build();
    boolean[] there = new boolean[rows.size()];
    IntStream.range(0, there.length)
        .parallel()
        .forEach(i -> there[i] = Files.isRegularFile(rows.get(i).photo().file()));
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < there.length; i++) {
      if (there[i]) {
        photos.add(rows.get(i));
      } else {
        String what = "there is no photo " + rows.get(i).photo().file();
        problems.add(new ReadProblem(file, lines.get(i), what, "restore it or drop the row"));
      }
    }
    ReadReport report = new ReadReport(problems, List.of(), 0);
    if (!lenient && !report.clean()) {
      throw new BrokenDataException(report);
    }
    return new Reading(PhotoSet.ofDistinct(photos), report);
  }

  /** Reads a row; a person's name is kept once for all photos. */
  private FacePhoto photo(CSVRecord cells, Map<String, String> people) {
    String path = cells.get("path");
    String person = people.computeIfAbsent(cells.get("person"), name -> name);
    if (path.isBlank() || person.isBlank()) {
      throw new IllegalArgumentException("path or person is empty, expected both");
    }
    Path photo;
    try {
      photo = folder.resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw new InvalidArgumentException(Problem.of("path", path, "a file"), e);
    }
    FaceClass faceClass = faceClass(cells);
    OptionalInt years =
        cells.isMapped("age") ? LabelText.years(cells.get("age")) : OptionalInt.empty();
    return new FacePhoto(new Photo(path, photo), person, years, FaceLabel.of(faceClass));
  }

  private static FaceClass faceClass(CSVRecord cells) {
    if (cells.isMapped("class")) {
      OptionalInt id = LabelText.number(cells.get("class"), FaceClass.COUNT - 1);
      if (id.isEmpty()) {
        throw expected("class", cells, "0 to " + (FaceClass.COUNT - 1));
      }
      return FaceClass.ofId(id.getAsInt());
    }
    for (String column : List.of("mask", "gender", "age")) {
      if (!cells.isMapped(column)) {
        throw new IllegalArgumentException(
            "there is no column '" + column + "', expected mask,gender,age or class");
      }
    }
    Optional<MaskState> mask = LabelText.mask(cells.get("mask"));
    Optional<Gender> gender = LabelText.gender(cells.get("gender"));
    OptionalInt years = LabelText.years(cells.get("age"));
    FaceClass faceClass =
        new FaceClass(
            mask.orElseThrow(() -> expected("mask", cells, "worn, worn_wrongly or not_worn")),
            gender.orElseThrow(() -> expected("gender", cells, "male or female")),
            AgeGroup.ofYears(
                years.orElseThrow(() -> expected("age", cells, "whole years from 0 to 150"))));
    return FaceClass.ofId(faceClass.id());
  }

  private static IllegalArgumentException expected(String column, CSVRecord cells, String words) {
    return new InvalidArgumentException(Problem.of(column, cells.get(column), words));
  }

  /** Builder of {@link ManifestFile}. */
  public static final class Builder {

    private final Path file;
    private boolean lenient;

    private Builder(Path file) {
      this.file = file;
    }

    /** Sets whether rows with problems are left out and reported instead of refused. */
    public Builder optLenient(boolean lenient) {
      this.lenient = lenient;
      return this;
    }

    /** Returns the reader. */
    public ManifestFile build() {
      return new ManifestFile(this);
    }
  }
}
