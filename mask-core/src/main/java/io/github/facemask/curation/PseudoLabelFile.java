package io.github.facemask.curation;

import com.google.common.collect.ImmutableList;
import io.github.facemask.curation.PseudoLabels.PseudoLabel;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** The file form of {@link PseudoLabels}: a manifest with two more columns. */
final class PseudoLabelFile {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

  private static final ImmutableList<String> CLASSES =
      ImmutableList.of("path", "person", "class", "probability", "run");

  /** The columns of guesses of fewer attributes than a class has. */
  private static final ImmutableList<String> LABELS =
      ImmutableList.of("path", "person", "mask", "gender", "age", "probability", "run");

  private PseudoLabelFile() {}

  static void write(PseudoLabels labels, Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    boolean complete = labels.labels().stream().allMatch(label -> label.guess().complete());
    AtomicFile.write(
        file,
        out -> {
          CSVPrinter printer =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT);
          printer.printRecord(complete ? CLASSES : LABELS);
          for (PseudoLabel label : labels.labels()) {
            List<Object> cells = new ArrayList<>();
            cells.add(relative(folder, label.photo().file()));
            cells.add(FacePhoto.pseudoLabelled(label.photo(), label.guess()).person());
            if (complete) {
              cells.add(label.guess().id());
            } else {
              cells.add(word(label.guess().mask()));
              cells.add(word(label.guess().gender()));
              cells.add(word(label.guess().age()));
            }
            cells.add(label.probability());
            cells.add(String.join(" ", label.runs()));
            printer.printRecord(cells);
          }
          printer.flush();
        });
  }

  private static String word(Optional<? extends Enum<?>> value) {
    return value.map(v -> v.name().toLowerCase(Locale.ROOT)).orElse("");
  }

  static PseudoLabels read(Path file) throws IOException {
    PhotoSet photos = ManifestFile.read(file);
    List<PseudoLabel> labels = new ArrayList<>();
    CSVFormat format = FORMAT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        CSVParser rows = format.parse(reader)) {
      List<String> header = rows.getHeaderNames();
      if (!header.containsAll(CLASSES) && !header.containsAll(LABELS)) {
        throw new InvalidFileException(
            file,
            1,
            Problem.of("pseudoLabelColumns", String.join(",", header), String.join(",", CLASSES))
                .withRemedy("make the file with PseudoLabels.write"),
            null);
      }
      for (CSVRecord row : rows) {
        if (labels.size() == photos.size()) {
          throw new InvalidFileException(
              file,
              Problem.saying("has more rows than photos").withRemedy("an empty line is no row"));
        }
        try {
          labels.add(label(photos.get(labels.size()), row));
        } catch (IllegalArgumentException e) {
          throw InvalidFileException.of(file, rows.getCurrentLineNumber(), e);
        }
      }
    } catch (CSVException | UncheckedIOException | IllegalArgumentException e) {
      throw new InvalidFileException(
          file, Problem.saying("is not a readable CSV table: " + e.getMessage()), e);
    }
    return PseudoLabels.of(labels);
  }

  /** The photo's own id is what follows the marker in the person's column. */
  private static PseudoLabel label(FacePhoto photo, CSVRecord row) {
    if (!photo.isPseudoLabelled()) {
      throw new InvalidArgumentException(
          Problem.of("person", photo.person(), "'pseudo:' and the photo's id"));
    }
    String id = photo.person().substring(photo.person().indexOf(':') + 1);
    return new PseudoLabel(
        new Photo(id, photo.photo().file()),
        photo.label(),
        Double.parseDouble(row.get("probability")),
        List.of(row.get("run").split(" ")));
  }

  private static String relative(Path folder, Path photo) {
    Path absolute = photo.toAbsolutePath().normalize();
    boolean sameRoot = absolute.getRoot().equals(folder.getRoot());
    return (sameRoot ? folder.relativize(absolute) : absolute).toString().replace('\\', '/');
  }
}
