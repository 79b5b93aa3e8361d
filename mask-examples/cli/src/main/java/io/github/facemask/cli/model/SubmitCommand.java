package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.PhotoFormats;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PstageFolder.PersonKey;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.Environment;
import io.github.facemask.submission.Submission;
import io.github.facemask.submission.Submission.Origin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a submission. */
@Command(
    name = "submit",
    header = "Writes the competition's ImageID,ans file.",
    description = {
      "Writes ImageID,ans in the order of eval/info.csv, from a model or from probabilities of",
      "'mask predict --out'. Writes nothing if a photo has no prediction. The origin of the",
      "predictions goes into FILE.origin.json beside the file, for 'mask trace'."
    },
    footer = {"", "Example: mask submit --data photos --model best --out submission.csv"})
public final class SubmitCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with eval/info.csv and eval/images.")
  Path data;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The submission.")
  Path out;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of a run, a model, an exported program or an ensemble.")
  Path model;

  @Option(
      names = "--face-detector",
      paramLabel = "yunet|FILE",
      description = {
        "The network of the face detector that the model was trained with, if its folder lacks it."
      })
  String detector;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description = "Probabilities of the evaluation photos.")
  Path predictions;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    checkArgument(
        model != null ^ predictions != null, "expected either --model DIR or --predictions FILE");
    List<Photo> photos = EvaluationFolder.read(data);
    PredictionTable table = model == null ? PredictionTable.read(predictions) : predict(photos);
    Submission submission = Submission.of(photos, table);
    submission.write(out);
    origin(photos, table, submission).write(Origin.beside(out));
    print(submission, table);
    return 0;
  }

  private Origin origin(List<Photo> photos, PredictionTable table, Submission submission)
      throws IOException {
    Path source = model == null ? predictions : model;
    return new Origin(
        Digest.ofFile(out),
        submission.size(),
        PhotoListing.digestOf(photos),
        source.toAbsolutePath().normalize().toString(),
        model == null ? Optional.of(Digest.ofFile(predictions)) : Optional.empty(),
        table.origin(),
        ImmutableList.copyOf(spec.commandLine().getParseResult().originalArgs()),
        Environment.commit());
  }

  /**
   * Prints the predictions of each class, beside the counts expected from the probabilities and the
   * training photos.
   */
  private void print(Submission submission, PredictionTable table) throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    int[] counts = submission.classCounts();
    Optional<int[]> prior = trainingCounts();
    double learned = prior.map(p -> (double) IntStream.of(p).sum()).orElse(0.0);
    to.printf("class  answers  expected  as in training%n");
    for (FaceClass faceClass : FaceClass.values()) {
      int id = faceClass.id();
      double expected = 0;
      for (int row = 0; row < table.size(); row++) {
        expected += table.probability(row, id);
      }
      to.printf(
          Locale.ROOT,
          "%5d %8d %9.1f %15s  %s%n",
          id,
          counts[id],
          expected,
          prior
              .map(p -> String.format(Locale.ROOT, "%.1f", p[id] / learned * submission.size()))
              .orElse("-"),
          faceClass.displayName());
    }
    to.printf("%s: %d answers%n", out, submission.size());
  }

  /** Returns the class counts of the labelled photos; empty if the folder has none. */
  private Optional<int[]> trainingCounts() throws IOException {
    if (!Files.isRegularFile(data.resolve("train").resolve("train.csv"))) {
      return Optional.empty();
    }
    return Optional.of(PhotoFormats.of(data, true, PersonKey.PATH).photos().classCounts());
  }

  private PredictionTable predict(List<Photo> photos) throws IOException {
    ModelOptions options = new ModelOptions();
    options.model = model;
    options.detector = detector;
    options.command = spec;
    options.batch = 32;
    options.device = "auto";
    return Photos.predict(options.predictor(), options, photos);
  }
}
