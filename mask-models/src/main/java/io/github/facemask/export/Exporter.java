package io.github.facemask.export;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.internal.passes.Calibrator;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Exports a trained model as a fast program, and refuses a program that loses too much macro F1.
 * Immutable.
 */
public final class Exporter {

  private static final int CALIBRATION_PHOTOS = 64;
  private static final double LARGEST_LOSS = 0.005;

  private final Builder choices;

  private Exporter(Builder choices) {
    this.choices = choices;
  }

  /**
   * Returns a builder of an export.
   *
   * @param model the trained model
   * @return a builder for this machine's processor, in its fastest precision
   */
  public static Builder builder(ModelFolder model) {
    return new Builder(model);
  }

  /**
   * The result of an export.
   *
   * @param model the exported program
   * @param explanation one line for each pass
   * @param agreement the comparison with the model in float32, if photos were given
   */
  public record Result(
      ExportedModel model, ImmutableList<String> explanation, Optional<Agreement> agreement) {}

  /**
   * The comparison of a program with the model in float32.
   *
   * @param photos the number of photos
   * @param same the share of photos that both classify equally, 0 to 1
   * @param macroF1 macro F1 of the program
   * @param macroF1Float32 macro F1 in float32
   */
  public record Agreement(int photos, double same, double macroF1, double macroF1Float32) {}

  /**
   * Exports the program.
   *
   * @param out a folder that does not exist yet
   * @return the program and its comparison with the model
   * @throws IOException if the model or a photo cannot be read, or the folder cannot be written; no
   *     files are left then
   * @throws IllegalArgumentException if the program loses more macro F1 than allowed; no files are
   *     left then
   */
  public Result export(Path out) throws IOException {
    ExportProgram program =
        choices.precision == Precision.INT8 ? quantized() : rounded(choices.precision);
    ExportedModel written =
        ExportedModel.write(program, choices.model, choices.precision, choices.target, out);
    Optional<Agreement> agreement = Optional.empty();
    if (choices.guard.isPresent()) {
      try {
        agreement = Optional.of(guard(written, choices.guard.get()));
      } catch (IOException | RuntimeException e) {
        MoreFiles.deleteRecursively(out, RecursiveDeleteOption.ALLOW_INSECURE);
        throw e;
      }
    }
    return new Result(written, program.explanation(), agreement);
  }

  private ExportProgram rounded(Precision precision) throws IOException {
    return ExportProgram.write(
        Backbones.network(choices.model), choices.model.weights(), precision, choices.target);
  }

  private ExportProgram quantized() throws IOException {
    PhotoSet photos = choices.calibration.orElseThrow();
    int count = Math.min(photos.size(), choices.calibrationPhotos);
    Network network = Backbones.network(choices.model);
    Preprocessing input = choices.model.preprocessing();
    Optional<FaceCrop> faces = choices.model.faceCrop(choices.detector);
    PhotoCropper cropper = new PhotoCropper();
    ByteBuffer pixels = ByteBuffer.allocate(3 * input.height() * input.width());
    Shape shape = new Shape(1, input.height(), input.width(), 3);
    try (Calibrator calibrator = Calibrator.of(network, choices.model.weights())) {
      for (int i = 0; i < count; i++) {
        // Evenly over the set, which is sorted by person.
        Path file = photos.photos().get((int) ((long) i * photos.size() / count)).file();
        cropper
            .decode(Files.readAllBytes(file), file.toString())
            .frame(input, faces, View.WHOLE, pixels.clear());
        try (NDArray photo = calibrator.manager().create(pixels.flip(), shape, DataType.UINT8)) {
          calibrator.observe(photo);
        }
        choices.progress.accept(i + 1);
      }
      return ExportProgram.write(network, choices.model.weights(), calibrator.calibration());
    }
  }

  private Agreement guard(ExportedModel written, PhotoSet photos) throws IOException {
    ProgramPredictor predictor = new ProgramPredictor(choices.detector, choices.progress);
    PredictionTable exact;
    Path out = written.path();
    Path aside = out.resolveSibling("." + out.getFileName() + "-float32");
    try {
      exact =
          predictor.predict(
              ExportedModel.write(
                  rounded(Precision.FLOAT32),
                  choices.model,
                  Precision.FLOAT32,
                  choices.target,
                  aside),
              photos);
    } finally {
      if (Files.exists(aside)) {
        MoreFiles.deleteRecursively(aside, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
    PredictionTable tried = predictor.predict(written, photos);
    int same = 0;
    for (int row = 0; row < exact.size(); row++) {
      same += exact.argmax(row) == tried.argmax(row) ? 1 : 0;
    }
    double before = Evaluation.of(exact, photos).macroF1();
    double after = Evaluation.of(tried, photos).macroF1();
    checkArgument(
        before - after <= choices.largestLoss,
        "the exported program loses %s of macro F1, expected at most %s; nothing was written, export"
            + " it in float32",
        String.format(java.util.Locale.ROOT, "%.4f", before - after),
        choices.largestLoss);
    return new Agreement(exact.size(), (double) same / exact.size(), after, before);
  }

  /** Builder of {@link Exporter}. Not thread-safe. */
  public static final class Builder {

    private final ModelFolder model;
    private Precision precision = Precision.fastestOn(Device.cpu());
    private Target target = Target.CPU;
    private Optional<PhotoSet> calibration = Optional.empty();
    private int calibrationPhotos = CALIBRATION_PHOTOS;
    private Optional<PhotoSet> guard = Optional.empty();
    private double largestLoss = LARGEST_LOSS;
    private Optional<FaceDetector> detector = Optional.empty();
    private IntConsumer progress = done -> {};

    private Builder(ModelFolder model) {
      this.model = model;
    }

    private Builder(Builder other) {
      this.model = other.model;
      this.precision = other.precision;
      this.target = other.target;
      this.calibration = other.calibration;
      this.calibrationPhotos = other.calibrationPhotos;
      this.guard = other.guard;
      this.largestLoss = other.largestLoss;
      this.detector = other.detector;
      this.progress = other.progress;
    }

    /** Sets the precision; INT8 needs {@link #optCalibration}. */
    public Builder optPrecision(Precision value) {
      precision = value;
      return this;
    }

    /** Sets the target of the program. */
    public Builder optTarget(Target value) {
      target = value;
      return this;
    }

    /**
     * Sets the photos that INT8 is calibrated on, preferably the training photos.
     *
     * @param photos at least one
     * @param count the number of photos to use, 1 or more
     * @return this builder
     */
    public Builder optCalibration(PhotoSet photos, int count) {
      calibration = Optional.of(photos);
      calibrationPhotos = count;
      return this;
    }

    /**
     * Compares the program with the model in float32, and refuses a larger loss of macro F1.
     *
     * @param photos labelled photos of people that the model was not trained on
     * @param largest the largest allowed loss; 0.005 is usual, a negative value requires a gain
     * @return this builder
     */
    public Builder optGuard(PhotoSet photos, double largest) {
      guard = Optional.of(photos);
      largestLoss = largest;
      return this;
    }

    /** Sets the custom face detector that the model was trained with. */
    public Builder optFaceDetector(FaceDetector value) {
      detector = Optional.of(value);
      return this;
    }

    /** Sets a listener that receives the number of photos done, starting with calibration. */
    public Builder optProgress(IntConsumer listener) {
      progress = listener;
      return this;
    }

    /**
     * Checks the options.
     *
     * @return the export
     * @throws IllegalArgumentException if an option is out of range or conflicts with another, or
     *     this processor cannot run the precision
     */
    public Exporter build() {
      boolean quantizes = precision == Precision.INT8;
      check(calibrationPhotos >= 1, "calibrationPhotos", calibrationPhotos, "1 or more");
      check(largestLoss >= -1 && largestLoss <= 1, "largestLoss", largestLoss, "-1 to 1");
      checkArgument(
          !quantizes || calibration.isPresent(),
          "precision is INT8, expected photos to calibrate it on");
      check(
          !quantizes || target == Target.CPU,
          "target",
          target,
          "CPU for INT8, whose operations are oneDNN's");
      checkArgument(
          !quantizes || Processor.here().addsBytesExactly(),
          "precision is INT8, expected FLOAT32: this processor, %s, has no VNNI, so that sums of"
              + " int8 products overflow on it",
          Processor.here().model());
      return new Exporter(new Builder(this));
    }
  }
}
