package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.Photo;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies photos. */
@Command(
    name = "predict",
    header = "Classifies photo files or an evaluation set.",
    description = {
      "Classifies photo files, or the evaluation photos of a data folder, and prints a line for",
      "each photo or writes all probabilities as CSV."
    },
    footer = {"", "Example: mask predict --model runs/<run> portrait.jpg"})
public final class PredictCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin ModelOptions model;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with eval/info.csv and eval/images.")
  Path data;

  @Option(names = "--out", paramLabel = "FILE", description = "Write all probabilities as CSV.")
  Path out;

  @Parameters(paramLabel = "PHOTO", arity = "0..*", description = "Photo files.")
  List<Path> files = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    checkArgument(
        data != null ^ !files.isEmpty(), "expected either --data DIR or photo files to classify");
    List<Photo> photos = new ArrayList<>();
    if (data != null) {
      photos.addAll(EvaluationFolder.read(data));
    }
    for (Path file : files) {
      checkArgument(
          !Files.isDirectory(file),
          "%s: is a folder, expected photo files, for instance %s/*.jpg",
          file,
          file);
      checkArgument(Files.isRegularFile(file), "%s: there is no such photo", file);
      photos.add(new Photo(file.toString(), file));
    }
    PredictionTable table = Photos.predict(model.predictor(), model, photos);
    if (out != null) {
      table.write(out);
      spec.commandLine().getOut().printf("%s: %s%n", out, Count.of(table.size(), "photo"));
    } else {
      print(table);
    }
    return 0;
  }

  private void print(PredictionTable table) {
    PrintWriter to = spec.commandLine().getOut();
    for (int row = 0; row < table.size(); row++) {
      FaceLabel best = FaceLabel.ofId(table.argmax(row)).only(table.origin().attributes());
      to.printf(
          Locale.ROOT,
          "%s: %s (%s%.1f %%)%s%n",
          table.ids().get(row),
          best.displayName(),
          best.complete() ? "class " + best.id() + ", " : "",
          100 * best.probability(table.probabilities(row)),
          table.years(row).isPresent()
              ? String.format(Locale.ROOT, ", %.0f years", table.years(row).getAsDouble())
              : "");
    }
  }
}
