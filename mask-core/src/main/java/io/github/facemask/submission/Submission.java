package io.github.facemask.submission;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.Photo;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.records.OriginJson;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.Prior;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The predicted classes of the photos of info.csv, in that order. */
public final class Submission {

  private final List<Photo> photos;
  private final int[] answers;

  private Submission(List<Photo> photos, int[] answers) {
    this.photos = photos;
    this.answers = answers;
  }

  /**
   * Predicts the most probable class of each photo.
   *
   * @param photos the photos, in the order of info.csv
   * @param predictions the predictions of these photos and no others, in any order
   * @return the submission
   * @throws IllegalArgumentException if a photo has no prediction or a prediction no photo, or the
   *     models do not answer all attributes
   */
  public static Submission of(List<Photo> photos, PredictionTable predictions) {
    check(
        predictions.origin().labels().size() == FaceClass.COUNT,
        "predictedAttributes",
        predictions.origin().attributes(),
        "mask, gender and age, which a submission needs");
    List<Photo> order = List.copyOf(photos);
    int[] answers = new int[order.size()];
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      String id = order.get(i).id();
      OptionalInt row = predictions.row(id);
      if (row.isPresent()) {
        answers[i] = predictions.argmax(row.getAsInt());
      } else {
        missing.add(id);
      }
    }
    checkArgument(
        missing.isEmpty(),
        "%s of %s photos of info.csv have no prediction, the first is '%s'; predict them all",
        missing.size(),
        answers.length,
        missing.isEmpty() ? "" : missing.get(0));
    checkArgument(
        predictions.size() == answers.length,
        "there are %s predictions for %s photos of info.csv; predict these photos only",
        predictions.size(),
        answers.length);
    return new Submission(order, answers);
  }

  /** Returns the number of photos predicted as each class, at the index of its id. */
  public int[] classCounts() {
    int[] counts = new int[FaceClass.COUNT];
    Arrays.stream(answers).forEach(id -> counts[id]++);
    return counts;
  }

  /** Returns the number of photos. */
  public int size() {
    return answers.length;
  }

  /**
   * Writes {@code ImageID,ans}.
   *
   * @param file the file, replaced atomically
   * @throws IOException if it cannot be written; an existing file is then unchanged
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          BufferedWriter writer =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          CSVFormat format =
              CSVFormat.RFC4180
                  .builder()
                  .setHeader("ImageID", "ans")
                  .setRecordSeparator('\n')
                  .get();
          CSVPrinter printer = new CSVPrinter(writer, format);
          for (int i = 0; i < answers.length; i++) {
            printer.printRecord(photos.get(i).id(), answers[i]);
          }
          printer.flush();
        });
  }

  /**
   * The origin of a submission. It is a file beside the submission, since {@code ImageID,ans} has
   * no room for it.
   *
   * @param submission SHA-256 of the submission's file
   * @param answers the number of predicted photos
   * @param photos the digest of all these photos' bytes
   * @param source the model's folder, or the file of predictions
   * @param sourceDigest SHA-256 of the file of predictions; empty for a folder
   * @param predictions the models that predicted
   * @param command the command's words after {@code mask}
   * @param commit the git commit of the code that wrote it
   */
  public record Origin(
      Digest submission,
      int answers,
      Digest photos,
      String source,
      Optional<Digest> sourceDigest,
      PredictionOrigin predictions,
      ImmutableList<String> command,
      String commit) {

    private static final String FORMAT = "facemask-submission-origin-1";
    private static final ObjectMapper JSON =
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Returns the path of the origin of a submission.
     *
     * @param submission the submission's file
     */
    public static Path beside(Path submission) {
      return submission.resolveSibling(submission.getFileName() + ".origin.json");
    }

    /**
     * Writes the origin.
     *
     * @param file the file, replaced atomically
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("format", FORMAT);
      json.put("submissionSha256", submission.hex());
      json.put("answers", answers);
      json.put("photosSha256", photos.hex());
      json.put("source", source);
      sourceDigest.ifPresent(d -> json.put("sourceSha256", d.hex()));
      json.put("models", predictions.models().stream().map(Digest::hex).toList());
      json.put("runs", predictions.runs());
      if (!predictions.programs().isEmpty()) {
        json.put("programs", predictions.programsAsText());
      }
      predictions.ensemble().ifPresent(d -> json.put("ensembleSha256", d.hex()));
      predictions
          .prior()
          .ifPresent(p -> json.put("prior", OriginJson.shares(p.attributes(), p.shares())));
      json.put("command", command);
      json.put("commit", commit);
      AtomicFile.writeText(file, JSON.writeValueAsString(json) + "\n");
    }

    /**
     * Reads an origin.
     *
     * @param file the file
     * @throws IOException if it cannot be read or is not an origin
     */
    public static Origin read(Path file) throws IOException {
      try {
        JsonNode json = WholeFile.readJson(file);
        if (!json.path("format").asText().equals(FORMAT)) {
          throw InvalidFileException.of(
              file, "format is " + json.path("format"), "\"" + FORMAT + "\"");
        }
        List<Digest> models = new ArrayList<>();
        json.path("models").forEach(m -> models.add(new Digest(m.asText())));
        return new Origin(
            new Digest(json.path("submissionSha256").asText()),
            json.path("answers").asInt(),
            new Digest(json.path("photosSha256").asText()),
            json.path("source").asText(),
            json.has("sourceSha256")
                ? Optional.of(new Digest(json.get("sourceSha256").asText()))
                : Optional.empty(),
            new PredictionOrigin(models, texts(json.path("runs")), Optional.empty())
                .withPrograms(OriginJson.programs(json.path("programs")))
                .withEnsemble(OriginJson.digest(json.path("ensembleSha256")))
                .withPrior(prior(json.path("prior"))),
            texts(json.path("command")),
            json.path("commit").asText());
      } catch (IllegalArgumentException e) {
        throw new InvalidFileException(
            file, Problem.saying("is not a submission's origin: " + e.getMessage()), e);
      }
    }

    private static Optional<Prior> prior(JsonNode json) {
      return json.isObject()
          ? Optional.of(
              new Prior(OriginJson.attributes(json.path("attributes")), OriginJson.shares(json)))
          : Optional.empty();
    }

    private static ImmutableList<String> texts(JsonNode array) {
      ImmutableList.Builder<String> texts = ImmutableList.builder();
      array.forEach(text -> texts.add(text.asText()));
      return texts.build();
    }
  }
}
