package io.github.facemask.lab.synthetic;

import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.label.FaceClass;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * The truth about a synthetic photo. Evaluation photos have it too.
 *
 * @param photo the photo's id: {@code "<path>/mask1"} for a training photo, the ImageID for an
 *     evaluation photo
 * @param faceClass the true class
 * @param years the age in the label
 * @param face the box of the labelled face
 * @param other the box of a face in the background, if there is one
 */
public record SyntheticTruth(
    String photo, FaceClass faceClass, int years, FaceBox face, Optional<FaceBox> other) {

  /** The name of the file in a synthetic data set. */
  public static final String FILE = "truth.csv";

  private static final String[] HEADER = {
    "photo",
    "class",
    "age",
    "face_x",
    "face_y",
    "face_width",
    "face_height",
    "other_x",
    "other_y",
    "other_width",
    "other_height"
  };

  /**
   * Reads the truth of a synthetic data set.
   *
   * @param root the folder that {@link SyntheticFaces} wrote
   * @return a row for each photo, the training photos first
   * @throws IOException if the file is missing or broken
   */
  public static List<SyntheticTruth> read(Path root) throws IOException {
    Path file = root.resolve(FILE);
    List<SyntheticTruth> rows = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
      for (CSVRecord row : format.parse(reader)) {
        rows.add(
            new SyntheticTruth(
                row.get("photo"),
                FaceClass.ofId(Integer.parseInt(row.get("class"))),
                Integer.parseInt(row.get("age")),
                box(row, "face"),
                row.get("other_x").isEmpty() ? Optional.empty() : Optional.of(box(row, "other"))));
      }
    } catch (CharacterCodingException e) {
      throw WholeFile.notUtf8(file, e);
    } catch (CSVException | IllegalArgumentException | UncheckedIOException e) {
      throw new InvalidFileException(
          file,
          Problem.saying(String.valueOf(e.getMessage())).withRemedy("write the data set again"),
          e);
    }
    return List.copyOf(rows);
  }

  static void write(Path root, List<SyntheticTruth> rows) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(HEADER).setRecordSeparator('\n').get();
    try (CSVPrinter printer =
        new CSVPrinter(
            Files.newBufferedWriter(root.resolve(FILE), StandardCharsets.UTF_8), format)) {
      for (SyntheticTruth row : rows) {
        List<Object> cells = new ArrayList<>();
        cells.add(row.photo);
        cells.add(row.faceClass.id());
        cells.add(row.years);
        FaceBox box = row.face;
        cells.addAll(List.of(box.x(), box.y(), box.width(), box.height()));
        cells.addAll(
            row.other
                .<List<Object>>map(o -> List.of(o.x(), o.y(), o.width(), o.height()))
                .orElse(List.of("", "", "", "")));
        printer.printRecord(cells);
      }
    }
  }

  private static FaceBox box(CSVRecord row, String name) {
    return new FaceBox(
        Integer.parseInt(row.get(name + "_x")),
        Integer.parseInt(row.get(name + "_y")),
        Integer.parseInt(row.get(name + "_width")),
        Integer.parseInt(row.get(name + "_height")));
  }
}
