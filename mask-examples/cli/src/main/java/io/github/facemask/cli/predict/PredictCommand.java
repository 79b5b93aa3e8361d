package io.github.facemask.cli.predict;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.Maps;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FaceClassifier.PhotoSource;
import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.Devices;
import io.github.facemask.cli.options.FaceFilterOptions;
import io.github.facemask.cli.options.HelpHeading;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.OneLine;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.cli.options.PixelLimit;
import io.github.facemask.cli.options.PriorOptions;
import io.github.facemask.cli.options.Progress;
import io.github.facemask.cli.predict.PhotoInputs.Input;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.Photo;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies photos. */
@Command(
    name = "predict",
    header = "Classifies photos: files, folders, patterns or an evaluation set.",
    description = {
      "Classifies photos and prints the answers as text, JSON lines or CSV. Goes on after a photo",
      "that cannot be read, lists such photos at the end, and then ends with the exit code 3.",
      "By default a photo has one answer, for its main face; --faces all answers each face."
    },
    footer = {
      "",
      "Example: mask predict --model runs/<run> portrait.jpg holiday '2024/**/*.jpg'",
      "         mask predict --model runs/<run> --faces all --json --draw drawn group.jpg"
    })
public final class PredictCommand implements Callable<Integer> {

  /** The exit code if a photo could not be read. */
  private static final int SOME_UNREAD = 3;

  /** Decoded photos are held for a batch, so fewer are than a GPU could use. */
  private static final int USUAL_BATCH = 8;

  /** Which faces are answered. */
  enum Faces {
    MAIN,
    ALL
  }

  @Spec CommandSpec spec;

  @Mixin ModelOptions model;
  @Mixin PriorOptions prior;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with eval/info.csv and eval/images.")
  Path data;

  @Option(
      names = "--files-from",
      paramLabel = "FILE|-",
      description = "Read the names of photos from a file, one on a line; - for standard input.")
  String filesFrom;

  @Option(names = "--text", description = "Print a line a photo, which is the default.")
  boolean text;

  @Option(names = "--json", description = "Print a JSON object a photo, each on a line.")
  boolean json;

  @Option(
      names = "--csv",
      description = "Print a table: a row a photo, or a row a face with --faces all.")
  boolean csv;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "With --text, --json or --csv, write that into a file. Otherwise write all probabilities as",
        "the CSV that 'mask ensemble' and others read."
      })
  Path out;

  @HelpHeading(HelpHeading.Heading.FACES)
  @Option(
      names = "--faces",
      defaultValue = "main",
      paramLabel = "main|all",
      description = {
        "Answer the main face or each face (default: ${DEFAULT-VALUE}). With all, --min-face,",
        "--min-score and --max-faces choose among them."
      })
  Faces faces;

  @Option(
      names = "--unsure",
      defaultValue = "0",
      paramLabel = "P",
      description =
          "Answer 'unsure' for an attribute of a lower probability (default: ${DEFAULT-VALUE}).")
  double unsure;

  @Mixin FaceFilterOptions filter;

  @HelpHeading(HelpHeading.Heading.FACES)
  @Option(
      names = "--max-faces",
      paramLabel = "N",
      description = "With --faces all: answer the N largest and most central faces of a photo.")
  Integer maxFaces;

  @Option(
      names = "--draw",
      paramLabel = "DIR",
      description = "Also write each photo with boxes and labels into a folder.")
  Path draw;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = {PixelLimit.HELP_1, PixelLimit.HELP_2, PixelLimit.HELP_3})
  Long maxPixels;

  @Parameters(
      paramLabel = "PHOTO",
      arity = "0..*",
      description = {
        "Files; folders with all that is in them; patterns in quotes, such as '*.jpg' and",
        "'photos/**'; - for a photo from standard input."
      })
  List<String> names = new ArrayList<>();

  /** The photos that could not be read, with the reason. */
  private final Map<String, String> bad = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    checkOptions();
    PhotoDecoder decoder = PixelLimit.decoder(maxPixels);
    model.decoder = decoder;
    PhotoInputs inputs = new PhotoInputs(decoder, Optional.ofNullable(draw));
    if (data != null) {
      EvaluationFolder.read(data).forEach(inputs::add);
    }
    for (String name : names) {
      inputs.add(name);
    }
    if (filesFrom != null) {
      inputs.addList(filesFrom);
    }
    checkArgument(!inputs.all().isEmpty(), "%s names no photo, expected some", filesFrom);
    checkOut(inputs.all());
    if (out != null && format().isEmpty()) {
      writeTable(inputs.all(), decoder);
    } else if (out != null) {
      AtomicFile.write(
          out,
          stream -> {
            Writer to = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
            answer(inputs.all(), decoder, to);
            to.flush();
          });
      spec.commandLine()
          .getOut()
          .printf("%s: %s%n", out, Count.of(inputs.all().size() - bad.size(), "photo"));
    } else {
      answer(inputs.all(), decoder, spec.commandLine().getOut());
    }
    return tellBad(inputs.all().size());
  }

  private void checkOptions() {
    OutFile.check("--out", out);
    int sources = (data != null ? 1 : 0) + (names.isEmpty() && filesFrom == null ? 0 : 1);
    checkArgument(sources == 1, "expected either --data DIR or photos to classify");
    checkArgument(
        (text ? 1 : 0) + (json ? 1 : 0) + (csv ? 1 : 0) <= 1,
        "expected at most one of --text, --json and --csv");
    check(unsure >= 0 && unsure <= 1, "unsure", unsure, "0 to 1");
    checkArgument(
        faces == Faces.ALL || (!filter.given() && maxFaces == null),
        "--min-face, --min-score and --max-faces choose among all faces, expected --faces all with"
            + " them");
    checkArgument(
        out == null || format().isPresent() || (faces == Faces.MAIN && unsure == 0 && draw == null),
        "--out alone writes all probabilities of the main face, expected --text, --json or --csv"
            + " with --faces all, --unsure and --draw");
  }

  /** Refuses to write the answers over a photo. */
  private void checkOut(Map<String, Input> inputs) throws IOException {
    if (out == null || !Files.exists(out)) {
      return;
    }
    for (Input input : inputs.values()) {
      checkArgument(
          input.file().isEmpty()
              || !Files.exists(input.file().get())
              || !Files.isSameFile(out, input.file().get()),
          "--out: %s: is one of the photos, expected the name of another file",
          out);
    }
  }

  private Optional<AnswerFormat> format() {
    return json
        ? Optional.of(AnswerFormat.JSON)
        : csv
            ? Optional.of(AnswerFormat.CSV)
            : text ? Optional.of(AnswerFormat.TEXT) : Optional.empty();
  }

  private void answer(Map<String, Input> inputs, PhotoDecoder decoder, Writer to)
      throws IOException {
    AnswerFormat format = format().orElse(AnswerFormat.TEXT);
    Optional<DrawnPhotos> drawn =
        draw == null ? Optional.empty() : Optional.of(new DrawnPhotos(draw, decoder, inputs));
    Map<String, PhotoSource> sources = Maps.transformValues(inputs, Input::source);
    try (FaceClassifier classifier = classifier(decoder);
        Progress progress = Progress.of("predict", inputs.size(), "photos")) {
      format.begin(to);
      int[] done = {0};
      Consumer<PhotoAnswer> each =
          answer -> {
            take(answer, format, drawn, to);
            progress.to(++done[0]);
          };
      if (faces == Faces.ALL) {
        tellDetector(classifier);
        classifier.classifyAllFaces(sources, answer -> each.accept(PhotoAnswer.of(answer)));
      } else {
        classifier.classifyAll(sources, answer -> each.accept(PhotoAnswer.of(answer)));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (drawn.isPresent()) {
        drawn.get().close();
      }
    }
  }

  private void take(
      PhotoAnswer answer, AnswerFormat format, Optional<DrawnPhotos> drawn, Writer to) {
    try {
      if (answer.isBad()) {
        bad.put(answer.photo(), answer.error());
      } else if (drawn.isPresent()) {
        drawn.get().draw(answer);
      }
      format.write(answer, to);
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FaceClassifier classifier(PhotoDecoder decoder) throws IOException {
    boolean batchGiven = spec.commandLine().getParseResult().hasMatchedOption("--batch");
    FaceClassifier.Builder builder =
        FaceClassifier.builder(model.model)
            .optDevice(Devices.named(model.device))
            .optBatchSize(batchGiven ? model.batch : Math.min(USUAL_BATCH, model.batch))
            .optDecoder(decoder)
            .optUnsure(unsure);
    if (model.precision != null) {
      builder.optPrecision(model.precision);
    }
    filter.applyTo(builder);
    if (maxFaces != null) {
      builder.optMaxFaces(maxFaces);
    }
    if (prior.corrects()) {
      prior.applyTo(builder, model.ensemble());
    }
    Optional<FaceDetector> detector = model.detector();
    if (detector.isPresent()) {
      Ensemble ensemble = model.ensemble();
      if (faces == Faces.ALL && !Photos.seesFaces(ensemble)) {
        builder.optFaceSearch(FaceCrop.by(detector.get()));
      } else {
        ensemble.refuseOtherDetector(detector);
        builder.optFaceDetector(detector.get());
      }
    }
    return builder.open();
  }

  private void tellDetector(FaceClassifier classifier) throws IOException {
    if (classifier.faceSearch().settings().detector().equals(FaceDetectors.cascade().settings())) {
      spec.commandLine()
          .getErr()
          .println(
              "mask: note: faces are found with OpenCV's cascades, which miss many faces under"
                  + " masks; YuNet finds more (docs/photos.md)");
    }
  }

  /** Writes the probabilities of all classes; photos that cannot be read are left out. */
  private void writeTable(Map<String, Input> inputs, PhotoDecoder decoder) throws IOException {
    List<Photo> readable = new ArrayList<>();
    for (Map.Entry<String, Input> input : inputs.entrySet()) {
      Optional<Path> file = input.getValue().file();
      checkArgument(
          !input.getKey().equals("-"), "--out alone needs files, expected --json, --csv or --text");
      try {
        if (data == null) {
          decoder.decode(input.getValue().source().read(), input.getKey());
        }
        readable.add(new Photo(input.getKey(), file.orElseThrow()));
      } catch (IOException e) {
        bad.put(input.getKey(), PhotoAnswer.reason(e));
      }
    }
    if (readable.isEmpty()) {
      return;
    }
    EnsemblePredictor predictor = model.predictor();
    prior.checkFor(predictor.ensemble());
    PredictionTable table =
        prior
            .combine(
                predictor.ensemble(),
                Photos.predictEach(predictor, model, readable),
                spec.commandLine().getOut(),
                spec.commandLine().getErr())
            .combined();
    table.write(out);
    spec.commandLine().getOut().printf("%s: %s%n", out, Count.of(table.size(), "photo"));
  }

  private int tellBad(int all) {
    if (bad.isEmpty()) {
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.printf("mask: %d of %s could not be read:%n", bad.size(), Count.of(all, "photo"));
    bad.forEach((name, reason) -> err.printf("  %s: %s%n", OneLine.name(name), reason));
    return SOME_UNREAD;
  }
}
