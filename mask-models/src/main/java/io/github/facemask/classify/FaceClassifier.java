package io.github.facemask.classify;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.modality.cv.Image;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.github.facemask.classify.FacePass.Subject;
import io.github.facemask.classify.PhotoBatches.Named;
import io.github.facemask.classify.PhotoBatches.Read;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.internal.cropping.FaceSearch;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.Prior;
import io.github.facemask.preprocessing.View;
import io.github.facemask.tensor.Precision;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Classifies photos with a trained model, a run's best model or an ensemble: the main subject of a
 * photo with {@link #classify(Path)}, each face with {@link #classifyFaces(Path)}. Thread-safe,
 * with the same predictions for any number of threads. Calls beyond {@link Builder#optCallsAtOnce}
 * wait, which limits memory. Close it to free the networks.
 */
public final class FaceClassifier implements AutoCloseable {

  private final OpenEnsemble opened;
  private final FacePass pass;
  private final PhotoCropper cropper;
  private final PhotoBatches batches;
  private final Builder choices;
  private FaceSearch search; // guarded by this; null until the first request for faces

  private FaceClassifier(OpenEnsemble opened, PhotoCropper cropper, Builder choices) {
    this.opened = opened;
    this.cropper = cropper;
    this.batches = new PhotoBatches(cropper, choices.batchSize);
    this.choices = choices;
    this.pass =
        new FacePass(
            opened, choices.unsureBelow, choices.views, choices.batchSize, choices.callsAtOnce);
  }

  /**
   * Opens a model on the CPU.
   *
   * @param folder a model, a run or an ensemble
   * @return the classifier, which the caller closes
   * @throws IOException if the folder holds no model, or its weights were changed
   */
  public static FaceClassifier open(Path folder) throws IOException {
    return builder(folder).open();
  }

  /**
   * Returns a builder of a classifier.
   *
   * @param folder a model, a run or an ensemble
   * @return a builder for the CPU, the fastest precision, one view of each photo and batches of 16
   */
  public static Builder builder(Path folder) {
    return new Builder(folder);
  }

  /**
   * Classifies a photo.
   *
   * @param photo its file
   * @return the prediction
   * @throws IOException if it cannot be read; the message names the file
   */
  public FacePrediction classify(Path photo) throws IOException {
    return predict(decode(photo));
  }

  /**
   * Classifies a photo.
   *
   * @param file the bytes of its file
   * @return the prediction
   * @throws IOException if they are not a readable photo
   */
  public FacePrediction classify(byte[] file) throws IOException {
    return predict(cropper.decode(file, "photo"));
  }

  /**
   * Classifies a photo.
   *
   * @param file its file, which is read to the end and not closed
   * @return the prediction
   * @throws IOException if it cannot be read
   */
  public FacePrediction classify(InputStream file) throws IOException {
    return classify(file.readAllBytes());
  }

  /** Classifies a photo; its alpha channel is ignored. */
  public FacePrediction classify(BufferedImage photo) {
    return predict(cropper.wrap(photo));
  }

  /** Classifies a DJL image. */
  public FacePrediction classify(Image photo) {
    return predict(cropper.wrap(photo));
  }

  /**
   * Classifies many photos, in batches. A photo that cannot be read gets an answer with the error;
   * the others are still classified.
   *
   * @param photos their files
   * @param answers receives an answer for each photo, in order, on the calling thread
   */
  public void classifyAll(Iterable<Path> photos, Consumer<Answer> answers) {
    answer(PhotoBatches.of(photos), answers);
  }

  /**
   * Classifies many photos from any source, in batches, as {@link #classifyAll(Iterable,
   * Consumer)}.
   *
   * @param photos the source of each photo, by its name in answers and messages; each is read once,
   *     just before its batch
   * @param answers receives an answer for each photo, in the map's order, on the calling thread
   */
  public void classifyAll(Map<String, PhotoSource> photos, Consumer<Answer> answers) {
    answer(named(photos), answers);
  }

  private static Iterable<Named> named(Map<String, PhotoSource> photos) {
    return Iterables.transform(photos.entrySet(), e -> new Named(e.getKey(), e.getValue()::read));
  }

  private void answer(Iterable<Named> photos, Consumer<Answer> answers) {
    batches.read(
        photos,
        batch -> {
          Iterator<FacePrediction> predictions =
              pass.predict(batch.readable().stream().map(FaceClassifier::subject).toList())
                  .iterator();
          for (Read read : batch.photos()) {
            answers.accept(
                new Answer(
                    read.name(),
                    read.photo().map(photo -> predictions.next()),
                    read.photo().flatMap(this::decision),
                    read.error()));
          }
        });
  }

  /** How the first network that sees crops sees the photo's main subject. */
  private Optional<CropDecision> decision(CroppedPhoto photo) {
    return opened.crop().map(photo::decision);
  }

  private static Subject subject(CroppedPhoto photo) {
    return network -> photo.subject(network.faces());
  }

  private static Subject subject(CroppedPhoto photo, Detection face, FaceCrop found) {
    return network -> photo.face(face, found, network.faces());
  }

  /**
   * Classifies each face of a photo.
   *
   * @param photo its file
   * @return the faces in reading order; empty if there is none
   * @throws IOException if it cannot be read; the message names the file
   */
  public List<Face> classifyFaces(Path photo) throws IOException {
    return faces(decode(photo));
  }

  /**
   * Classifies each face of a photo.
   *
   * @param file the bytes of its file
   * @return the faces in reading order; empty if there is none
   * @throws IOException if they are not a readable photo
   */
  public List<Face> classifyFaces(byte[] file) throws IOException {
    return faces(cropper.decode(file, "photo"));
  }

  /**
   * Classifies each face of a photo.
   *
   * @param file its file, which is read to the end and not closed
   * @return the faces in reading order; empty if there is none
   * @throws IOException if it cannot be read
   */
  public List<Face> classifyFaces(InputStream file) throws IOException {
    return classifyFaces(file.readAllBytes());
  }

  /**
   * Classifies each face of a photo; its alpha channel is ignored.
   *
   * @param photo the photo
   * @return the faces in reading order; empty if there is none
   * @throws IOException if the face detector's network cannot be read
   */
  public List<Face> classifyFaces(BufferedImage photo) throws IOException {
    return faces(cropper.wrap(photo));
  }

  /**
   * Classifies each face of a DJL image.
   *
   * @param photo the photo
   * @return the faces in reading order; empty if there is none
   * @throws IOException if the face detector's network cannot be read
   */
  public List<Face> classifyFaces(Image photo) throws IOException {
    return faces(cropper.wrap(photo));
  }

  /**
   * Classifies each face of many photos: all faces of several photos in one batch. A photo that
   * cannot be read gets an answer with the error; the others are still classified.
   *
   * @param photos the source of each photo, by its name in answers and messages; each is read once
   * @param answers receives an answer for each photo, in the map's order, on the calling thread
   * @throws IOException if the face detector's network cannot be read
   */
  public void classifyAllFaces(Map<String, PhotoSource> photos, Consumer<FacesAnswer> answers)
      throws IOException {
    answerFaces(named(photos), answers);
  }

  /**
   * Classifies each face of many photos, as {@link #classifyAllFaces(Map, Consumer)}.
   *
   * @param photos their files
   * @param answers receives an answer for each photo, in order, on the calling thread
   * @throws IOException if the face detector's network cannot be read
   */
  public void classifyAllFaces(Iterable<Path> photos, Consumer<FacesAnswer> answers)
      throws IOException {
    answerFaces(PhotoBatches.of(photos), answers);
  }

  private void answerFaces(Iterable<Named> photos, Consumer<FacesAnswer> answers)
      throws IOException {
    FaceSearch how = search();
    batches.read(
        photos,
        batch -> {
          Iterator<List<Face>> faces = faces(batch.readable(), how).iterator();
          for (Read read : batch.photos()) {
            answers.accept(
                read.photo()
                    .map(photo -> FacesAnswer.of(read.name(), photo.pixels(), faces.next()))
                    .orElseGet(() -> FacesAnswer.failed(read.name(), read.error().orElseThrow())));
          }
        });
  }

  private List<Face> faces(CroppedPhoto photo) throws IOException {
    return faces(List.of(photo), search()).get(0);
  }

  private List<List<Face>> faces(List<CroppedPhoto> photos, FaceSearch how) {
    List<List<Detection>> found = photos.parallelStream().map(how::of).toList();
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      for (Detection face : found.get(i)) {
        subjects.add(subject(photos.get(i), face, how.crop()));
      }
    }
    Iterator<FacePrediction> predictions = pass.predict(subjects).iterator();
    return found.stream()
        .map(
            faces ->
                faces.stream()
                    .map(
                        face ->
                            new Face(
                                face.box(), face.landmarks(), face.score(), predictions.next()))
                    .toList())
        .toList();
  }

  /**
   * Returns how faces are found: as the model's card says; for a model of whole photos as {@link
   * Builder#optFaceSearch} says, by default with {@link FaceDetectors#usual}.
   *
   * @return the crop of each face
   * @throws IOException if the network of the detector cannot be read
   */
  public FaceCrop faceSearch() throws IOException {
    return search().crop();
  }

  private synchronized FaceSearch search() throws IOException {
    if (search == null) {
      Optional<FaceCrop> known = opened.crop().or(() -> choices.faceSearch);
      FaceCrop crop = known.isPresent() ? known.get() : FaceCrop.by(FaceDetectors.usual());
      search =
          new FaceSearch(
              crop,
              choices.minScore.orElse(crop.settings().subject().scoreOfFaces()),
              choices.minFace,
              choices.maxFaces);
    }
    return search;
  }

  /**
   * Returns the model's temperatures, as its card has them: the probabilities of an attribute are
   * raised to 1 / temperature and scaled to a sum of 1. Empty for a model without a calibration.
   */
  public ImmutableMap<Attribute, Double> temperatures() {
    return opened.temperatures();
  }

  /**
   * Computes an occlusion map of the most probable class: covers one square after another with
   * grey. Uses all networks of an ensemble.
   *
   * @param photo its file
   * @param squares the number of squares along a side, 2 or more; the cost grows with its square
   * @return the map over the input of the first network
   * @throws IOException if it cannot be read
   */
  public HeatMap explain(Path photo, int squares) throws IOException {
    CroppedPhoto decoded = decode(photo);
    return explain(subject(decoded), squares);
  }

  /**
   * Computes an occlusion map of the most probable class of one face, as {@link #explain(Path,
   * int)}.
   *
   * @param file the bytes of the photo's file
   * @param face the index of the face in the list of {@link #classifyFaces(byte[])}
   * @param squares the number of squares along a side, 2 or more
   * @return the map over the input of the first network
   * @throws IOException if they are not a readable photo
   * @throws IllegalArgumentException if the photo has no such face
   */
  public HeatMap explainFace(byte[] file, int face, int squares) throws IOException {
    CroppedPhoto decoded = cropper.decode(file, "photo");
    FaceSearch how = search();
    List<Detection> found = how.of(decoded);
    check(
        face >= 0 && face < found.size(),
        "face",
        face,
        found.isEmpty()
            ? "a photo with a face, and this one has none"
            : "0 to " + (found.size() - 1));
    return explain(subject(decoded, found.get(face), how.crop()), squares);
  }

  private HeatMap explain(Subject subject, int squares) {
    check(squares >= 2, "squares", squares, "2 or more");
    FaceClass best = pass.predict(List.of(subject)).get(0).best().classes().get(0);
    return OcclusionMap.of(subject, opened.networks(), best, squares);
  }

  private CroppedPhoto decode(Path photo) throws IOException {
    return cropper.decode(PhotoBatches.bytes(photo), photo.toString());
  }

  private FacePrediction predict(CroppedPhoto photo) {
    return pass.predict(List.of(subject(photo))).get(0);
  }

  @Override
  public void close() {
    opened.close();
  }

  /** Builder of {@link FaceClassifier}. Not thread-safe. */
  public static final class Builder {
    private final Path folder;
    private Device device = Device.cpu();
    private Optional<Precision> precision = Optional.empty();
    private ImmutableList<View> views = ImmutableList.of(View.WHOLE);
    private Optional<FaceDetector> detector = Optional.empty();
    private Optional<FaceCrop> faceSearch = Optional.empty();
    private OptionalDouble minScore = OptionalDouble.empty();
    private double minFace;
    private int maxFaces = Integer.MAX_VALUE;
    private double unsureBelow;
    private Optional<Prior> prior = Optional.empty();
    private Optional<Prior> trainingPrior = Optional.empty();
    private PhotoDecoder decoder = PhotoDecoder.create();
    private int batchSize = 16;
    private int callsAtOnce = 2 * Runtime.getRuntime().availableProcessors();

    private Builder(Path folder) {
      this.folder = folder;
    }

    /** Sets the device of the networks; the CPU by default. */
    public Builder optDevice(Device value) {
      device = value;
      return this;
    }

    /**
     * Sets the precision to compute in; {@link Precision#fastestOn} the device by default. Exported
     * programs have their own precision.
     */
    public Builder optPrecision(Precision value) {
      precision = Optional.of(value);
      return this;
    }

    /**
     * Sets the views for test-time augmentation, over which predictions are averaged: for instance
     * {@link View#flip} or {@link View#tenCrops}.
     *
     * @param value at least one
     * @return this builder
     */
    public Builder optViews(List<View> value) {
      checkArgument(!value.isEmpty(), "no views, expected at least one");
      views = ImmutableList.copyOf(value);
      return this;
    }

    /**
     * Sets the custom face detector that the model was trained with. Detectors of this library are
     * found by the model's card.
     *
     * @param value the detector; its settings must equal those of the card
     * @return this builder
     */
    public Builder optFaceDetector(FaceDetector value) {
      detector = Optional.of(value);
      return this;
    }

    /**
     * Sets how {@link FaceClassifier#classifyFaces} finds and cuts faces for a model that was
     * trained on whole photos; by default with {@link FaceDetectors#usual} and the usual margins. A
     * model that was trained on crops finds faces as its card says.
     *
     * @param value the detector and the margins
     * @return this builder
     */
    public Builder optFaceSearch(FaceCrop value) {
      faceSearch = Optional.of(value);
      return this;
    }

    /**
     * Sets the lowest score of the faces that {@link FaceClassifier#classifyFaces} answers; by
     * default {@link FaceCropSettings.PrimarySubject#scoreOfFaces}.
     *
     * @param value the detector's score, 0 to 1
     * @return this builder
     */
    public Builder optMinScore(double value) {
      check(value >= 0 && value <= 1, "minScore", value, "0 to 1");
      minScore = OptionalDouble.of(value);
      return this;
    }

    /**
     * Sets the size of the smallest faces that {@link FaceClassifier#classifyFaces} answers; 0 by
     * default.
     *
     * @param pixels the square root of the box's area, in pixels of the photo, 0 or more
     * @return this builder
     */
    public Builder optMinFace(double pixels) {
      check(pixels >= 0, "minFace", pixels, "0 or more");
      minFace = pixels;
      return this;
    }

    /**
     * Sets how many faces of a photo {@link FaceClassifier#classifyFaces} answers: those with the
     * largest weight (size, place and score); all by default.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder optMaxFaces(int value) {
      check(value >= 1, "maxFaces", value, "1 or more");
      maxFaces = value;
      return this;
    }

    /**
     * Sets the probability below which an attribute is unsure; see {@link FacePrediction#answer}.
     * The probability is calibrated with the temperatures of the model's card. By default no
     * attribute is unsure.
     *
     * @param probability 0 to 1
     * @return this builder
     */
    public Builder optUnsure(double probability) {
      check(probability >= 0 && probability <= 1, "unsure", probability, "0 to 1");
      unsureBelow = probability;
      return this;
    }

    /**
     * Corrects the probabilities for other shares of the labels than in training, for instance
     * because few people wear masks where the photos come from. The model's card has the shares in
     * its training. By default nothing is corrected. {@link #open} refuses shares of attributes
     * that the model does not answer. Temperatures are applied to the model's own probabilities,
     * before the correction.
     *
     * @param target the shares among the photos to classify
     * @return this builder
     */
    public Builder optPrior(Prior target) {
      prior = Optional.of(target);
      return this;
    }

    /**
     * As {@link #optPrior(Prior)}, for a model whose card does not have the shares in its training.
     *
     * @param target the shares among the photos to classify
     * @param training the shares of the classes for which the model's answers hold; used for models
     *     whose card does not have them
     * @return this builder
     */
    public Builder optPrior(Prior target, Prior training) {
      trainingPrior = Optional.of(training);
      return optPrior(target);
    }

    /** Sets the decoder of the photos, for other limits of pixels. */
    public Builder optDecoder(PhotoDecoder value) {
      decoder = value;
      return this;
    }

    /** Sets the batch size of {@link FaceClassifier#classifyAll}, 1 or more. */
    public Builder optBatchSize(int value) {
      check(value >= 1, "batchSize", value, "1 or more");
      batchSize = value;
      return this;
    }

    /** Sets how many calls may run at once, 1 or more; further ones wait. */
    public Builder optCallsAtOnce(int value) {
      check(value >= 1, "callsAtOnce", value, "1 or more");
      callsAtOnce = value;
      return this;
    }

    /**
     * Opens the model.
     *
     * @return the classifier, which the caller closes
     * @throws FaceDetectors.UnavailableException if the face detector that the model was trained
     *     with is not available; no other is used
     * @throws IOException if the folder holds no model, or its weights were changed
     */
    public FaceClassifier open() throws IOException {
      Precision numbers = precision.orElseGet(() -> Precision.fastestOn(device));
      OpenEnsemble opened =
          OpenEnsemble.of(Ensemble.open(folder), device, numbers, detector, prior, trainingPrior);
      return new FaceClassifier(opened, new PhotoCropper(decoder), this);
    }
  }

  /** A source of a photo's file, for instance an object store, a queue or memory. */
  @FunctionalInterface
  public interface PhotoSource {
    /**
     * Reads the file.
     *
     * @return all of its bytes
     * @throws IOException if it cannot be read; the answer then has this error
     */
    byte[] read() throws IOException;
  }

  /**
   * The result of one photo of many: a prediction or an error.
   *
   * @param photo its path, or the caller's name
   * @param prediction the prediction; empty if the photo cannot be read
   * @param crop how the main subject was found, for a model of face crops; of an ensemble, by the
   *     first member that sees crops. {@link CropDecision#fallback} says that no face was found
   * @param error why the photo cannot be read
   */
  public record Answer(
      String photo,
      Optional<FacePrediction> prediction,
      Optional<CropDecision> crop,
      Optional<IOException> error) {}

  /**
   * One face of a photo.
   *
   * @param box its position, in pixels of the decoded photo
   * @param landmarks five points, as {@link Detection#landmarks}; empty if the detector finds none
   * @param score the score of the detector, 0 to 1
   * @param prediction the prediction
   */
  public record Face(
      Box box, List<FaceDetector.Point> landmarks, double score, FacePrediction prediction) {}

  /**
   * The result of one photo of many: its faces or an error.
   *
   * @param photo its path, or the caller's name
   * @param height the decoded photo's height in pixels; 0 if it cannot be read
   * @param width the decoded photo's width in pixels; 0 if it cannot be read
   * @param faces the faces in reading order; empty if there are none
   * @param error why the photo cannot be read
   */
  public record FacesAnswer(
      String photo, int height, int width, List<Face> faces, Optional<IOException> error) {

    static FacesAnswer of(String name, Pixels photo, List<Face> faces) {
      return new FacesAnswer(name, photo.height(), photo.width(), faces, Optional.empty());
    }

    static FacesAnswer failed(String name, IOException error) {
      return new FacesAnswer(name, 0, 0, List.of(), Optional.of(error));
    }
  }
}
