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
import io.github.facemask.combination.Vote;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel.Format;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.onnx.OnnxModel;
import io.github.facemask.internal.onnx.OnnxRuntime;
import io.github.facemask.internal.passes.Calibrator;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.torchscript.EngineFeatures;
import io.github.facemask.internal.torchscript.ScriptArchive;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Exports a trained model, or several and their vote, as one fast program, and refuses a program
 * that loses too much macro F1. Immutable.
 */
public final class Exporter {

  private static final int CALIBRATION_PHOTOS = 64;
  private static final String DRAFT = "draft";
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
    return new Builder(ExportSource.of(model));
  }

  /**
   * Returns a builder of an export of several models as one program, which computes all of them and
   * their vote. An ensemble offers it for its members.
   *
   * @param parts the models, at least one, of the same input size, crop and face crop
   * @param vote how they vote, in the order of the parts
   * @return a builder for this machine's processor, in its fastest precision
   * @throws IllegalArgumentException if the crops of faces differ, or the vote does not fit
   */
  public static Builder builder(List<Part> parts, Vote vote) {
    check(
        parts.size() == vote.voters().size(),
        "parts",
        parts.size(),
        "one for each of the " + vote.voters().size() + " voters");
    return new Builder(new ExportSource(ImmutableList.copyOf(parts), vote));
  }

  /**
   * Writes a model for timm: {@code model.safetensors} and {@code config.json}, which {@code
   * timm.create_model("local-dir:FOLDER", pretrained=True)} loads, and {@code README.md}.
   *
   * @param model the model
   * @param evaluation its scores for the README, if there are any
   * @param out a folder that does not exist yet
   * @throws IOException if the model cannot be read or the folder cannot be written; no files are
   *     left then
   */
  public static void writeForTimm(ModelFolder model, Optional<Evaluation> evaluation, Path out)
      throws IOException {
    TimmFolder.write(ExportSource.of(model), evaluation, out);
  }

  /**
   * A model of a program.
   *
   * @param model the model
   * @param view its view of photos, {@link View#WHOLE} or {@link View#FLIPPED}
   */
  public record Part(ModelFolder model, View view) {}

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
    if (Files.exists(out)) {
      throw InvalidFileException.of(out, "exists already", "the name of a new folder");
    }
    if (choices.format == Format.ONNX && choices.guard.isPresent()) {
      OnnxRuntime.check(out.resolve(Format.ONNX.file()));
    }
    // The model card comes last, after the comparison: all of it appears at once.
    Draft draft =
        AtomicFolder.write(
            out,
            aside -> {
              Path program = aside.resolve(DRAFT);
              Draft made = draft(program);
              try (Stream<Path> files = Files.list(program)) {
                for (Path file : files.toList()) {
                  Files.move(file, aside.resolve(file.getFileName()));
                }
              }
              Files.delete(program);
              return made;
            });
    return new Result(ExportedModel.readCard(out), draft.explanation, draft.agreement);
  }

  /** What an export tells, beside its files. */
  private record Draft(ImmutableList<String> explanation, Optional<Agreement> agreement) {}

  private Draft draft(Path folder) throws IOException {
    ExportedModel written;
    ImmutableList<String> explanation;
    if (choices.format == Format.ONNX) {
      OnnxModel model = OnnxModel.write(choices.source.group(), choices.source.metadata());
      explanation = model.explanation();
      written = write(Format.ONNX, Precision.FLOAT32, explanation, model::write, folder);
    } else {
      Precision precision = choices.precision();
      ExportProgram program = precision == Precision.INT8 ? quantized() : rounded(precision);
      explanation = program.explanation();
      written = write(program, precision, folder);
    }
    Optional<Guarded> guarded =
        choices.guard.isPresent()
            ? Optional.of(guard(written, choices.guard.get()))
            : Optional.empty();
    ModelReadme.write(
        choices.source,
        Optional.of(written),
        guarded.map(Guarded::evaluation).or(() -> choices.evaluation),
        folder);
    return new Draft(explanation, guarded.map(Guarded::agreement));
  }

  private ExportedModel write(ExportProgram program, Precision precision, Path out)
      throws IOException {
    return write(
        Format.TORCHSCRIPT,
        precision,
        program.explanation(),
        file -> ScriptArchive.write(program.module(), file),
        out);
  }

  private ExportedModel write(
      Format format,
      Precision precision,
      ImmutableList<String> explanation,
      ExportedModel.ProgramFile program,
      Path out)
      throws IOException {
    Target target = format == Format.ONNX ? Target.PORTABLE : choices.target;
    return ExportedModel.write(
        choices.source, format, precision, target, explanation, program, out);
  }

  private ExportProgram rounded(Precision precision) throws IOException {
    return ExportProgram.write(choices.source.group(), precision, choices.target);
  }

  private ExportProgram quantized() throws IOException {
    PhotoSet photos = choices.calibration.orElseThrow();
    int count = Math.min(photos.size(), choices.calibrationPhotos);
    Network network = Backbones.network(choices.source.first());
    Preprocessing input = choices.source.first().preprocessing();
    Optional<FaceCrop> faces = choices.source.first().faceCrop(choices.detector);
    PhotoCropper cropper = new PhotoCropper();
    ByteBuffer pixels = ByteBuffer.allocate(3 * input.height() * input.width());
    Shape shape = new Shape(1, input.height(), input.width(), 3);
    try (Calibrator calibrator = Calibrator.of(network, choices.source.first().weights())) {
      for (int i = 0; i < count; i++) {
        // Evenly over the set, which is sorted by person.
        Path file = photos.photos().get((int) ((long) i * photos.size() / count)).file();
        CroppedPhoto photo = cropper.decode(Files.readAllBytes(file), file.toString());
        CroppedPhoto.frame(photo.subject(faces), input, View.WHOLE, pixels.clear());
        try (NDArray seen = calibrator.manager().create(pixels.flip(), shape, DataType.UINT8)) {
          calibrator.observe(seen);
        }
        choices.progress.accept(i + 1);
      }
      return ExportProgram.write(
          network, choices.source.first().weights(), calibrator.calibration());
    }
  }

  /** The comparison with float32, and the scores of the program itself. */
  private record Guarded(Agreement agreement, Evaluation evaluation) {}

  private Guarded guard(ExportedModel written, PhotoSet photos) throws IOException {
    ProgramPredictor predictor = new ProgramPredictor(choices.detector, choices.progress);
    PredictionTable exact;
    Path out = written.path();
    Path aside = out.resolveSibling("." + out.getFileName() + "-float32");
    try {
      exact =
          predictor.predict(write(rounded(Precision.FLOAT32), Precision.FLOAT32, aside), photos);
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
    Evaluation evaluation = Evaluation.of(tried, photos);
    double after = evaluation.macroF1();
    checkArgument(
        before - after <= choices.largestLoss,
        "the exported program loses %s of macro F1, expected at most %s; nothing was written, export"
            + " it in float32",
        String.format(java.util.Locale.ROOT, "%.4f", before - after),
        choices.largestLoss);
    return new Guarded(
        new Agreement(exact.size(), (double) same / exact.size(), after, before), evaluation);
  }

  /** Builder of {@link Exporter}. Not thread-safe. */
  public static final class Builder {

    private final ExportSource source;
    private Format format = Format.TORCHSCRIPT;
    private Optional<Precision> precision = Optional.empty();
    private Optional<Evaluation> evaluation = Optional.empty();
    private Target target = Target.CPU;
    private Optional<PhotoSet> calibration = Optional.empty();
    private int calibrationPhotos = CALIBRATION_PHOTOS;
    private Optional<PhotoSet> guard = Optional.empty();
    private double largestLoss = LARGEST_LOSS;
    private Optional<FaceDetector> detector = Optional.empty();
    private IntConsumer progress = done -> {};

    private Builder(ExportSource source) {
      this.source = source;
    }

    private Builder(Builder other) {
      this.source = other.source;
      this.format = other.format;
      this.evaluation = other.evaluation;
      this.precision = other.precision;
      this.target = other.target;
      this.calibration = other.calibration;
      this.calibrationPhotos = other.calibrationPhotos;
      this.guard = other.guard;
      this.largestLoss = other.largestLoss;
      this.detector = other.detector;
      this.progress = other.progress;
    }

    /** Sets the form of the program, TorchScript by default. */
    public Builder optFormat(Format value) {
      format = value;
      return this;
    }

    /**
     * Sets the precision; INT8 needs {@link #optCalibration}. ONNX is FLOAT32 only, its default.
     */
    public Builder optPrecision(Precision value) {
      precision = Optional.of(value);
      return this;
    }

    /**
     * Sets the model's scores for the README. With {@link #optGuard} it has the program's own.
     *
     * @param scores an evaluation of this model
     * @return this builder
     */
    public Builder optEvaluation(Evaluation scores) {
      evaluation = Optional.of(scores);
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
      boolean quantizes = precision().equals(Precision.INT8);
      check(
          format != Format.ONNX || precision() == Precision.FLOAT32,
          "precision",
          precision(),
          "FLOAT32 for ONNX, whose runtimes have their own tools for other precisions");
      check(
          !quantizes || source.isPlain(),
          "precision",
          precision(),
          "FLOAT32 or BFLOAT16 for several models in one program, as each is calibrated alone");
      evaluation.ifPresent(source::checkScores);
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
          "precision is INT8, expected FLOAT32 on %s, which has no VNNI, so that sums of int8"
              + " products overflow on it",
          Processor.here().described());
      if (guard.isPresent() && target == Target.CPU) {
        EngineFeatures.check(precision(), Device.cpu());
      }
      return new Exporter(new Builder(this));
    }

    private Precision precision() {
      Precision usual =
          format == Format.ONNX ? Precision.FLOAT32 : Precision.fastestOn(Device.cpu());
      return precision.orElse(usual);
    }
  }
}
