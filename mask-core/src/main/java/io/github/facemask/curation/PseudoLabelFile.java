package io.github.facemask.curation;

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
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** The file form of {@link PseudoLabels}: a manifest with two more columns. */
final class PseudoLabelFile {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader("path", "person", "class", "probability", "run")
          .setRecordSeparator('\n')
          .get();

  private PseudoLabelFile() {}

  static void write(PseudoLabels labels, Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    AtomicFile.write(
        file,
        out -> {
          CSVPrinter printer =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT);
          for (PseudoLabel label : labels.labels()) {
            printer.printRecord(
                relative(folder, label.photo().file()),
                FacePhoto.pseudoLabelled(label.photo(), label.guess()).person(),
                label.guess().id(),
                label.probability(),
                String.join(" ", label.runs()));
          }
          printer.flush();
        });
  }

  static PseudoLabels read(Path file) throws IOException {
    PhotoSet photos = ManifestFile.read(file);
    List<PseudoLabel> labels = new ArrayList<>();
    CSVFormat format = FORMAT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        CSVParser rows = format.parse(reader)) {
      if (!rows.getHeaderNames().containsAll(List.of(FORMAT.getHeader()))) {
        throw new InvalidFileException(
            file,
            1,
            Problem.of(
                    "pseudoLabelColumns",
                    String.join(",", rows.getHeaderNames()),
                    String.join(",", FORMAT.getHeader()))
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
        photo.label().faceClass().orElseThrow(),
        Double.parseDouble(row.get("probability")),
        List.of(row.get("run").split(" ")));
  }

  private static String relative(Path folder, Path photo) {
    Path absolute = photo.toAbsolutePath().normalize();
    boolean sameRoot = absolute.getRoot().equals(folder.getRoot());
    return (sameRoot ? folder.relativize(absolute) : absolute).toString().replace('\\', '/');
  }
}
