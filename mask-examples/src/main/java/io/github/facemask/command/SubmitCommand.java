package io.github.facemask.command;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.Photo;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.submission.Submission;
import io.github.facemask.training.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a submission. */
@Command(
    name = "submit",
    description = {
      "Writes ImageID,ans in the order of eval/info.csv, from a model or from probabilities that",
      "'mask predict --out' wrote. Each photo must have one answer, or nothing is written."
    })
final class SubmitCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin FaceOptions faces;

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
      description = "Folder of a run, a model or an ensemble.")
  Path model;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description = "Probabilities of the evaluation photos.")
  Path predictions;

  @Override
  public Integer call() throws Exception {
    checkArgument(
        model != null ^ predictions != null, "expected either --model DIR or --predictions FILE");
    List<Photo> photos = EvaluationFolder.read(data);
    PredictionTable table = model == null ? PredictionTable.read(predictions) : predict(photos);
    Submission submission = Submission.of(photos, table);
    submission.write(out);
    String counts =
        Arrays.stream(submission.classCounts())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(" "));
    spec.commandLine()
        .getOut()
        .printf("%s: %d answers; by class: %s%n", out, submission.size(), counts);
    return 0;
  }

  private PredictionTable predict(List<Photo> photos) throws IOException {
    ModelOptions options = new ModelOptions();
    options.model = model;
    options.faces = faces;
    options.batch = 32;
    options.precision = Precision.BFLOAT16;
    options.device = "auto";
    return Photos.predict(options.predictor(), options, photos);
  }
}
