package io.github.facemask.classify;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.primitives.Doubles;
import io.github.facemask.classify.OpenEnsemble.OpenNetwork;
import io.github.facemask.combination.Vote;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.Precision;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Classifies photos with a trained model, a run's best model or an ensemble. Thread-safe, with the
 * same predictions for any number of threads. Calls beyond {@link Builder#optCallsAtOnce} wait,
 * which limits memory. Close it to free the networks.
 */
public final class FaceClassifier implements AutoCloseable {

  private final ImmutableList<OpenNetwork> networks;
  private final Vote vote;
  private final ImmutableSet<Attribute> attributes;
  private final PhotoCropper cropper;
  private final ImmutableList<View> views;
  private final int batchSize;
  private final Semaphore permits;

  private FaceClassifier(OpenEnsemble opened, PhotoCropper cropper, Builder choices) {
    this.networks = opened.networks();
    this.vote = opened.vote();
    this.attributes = opened.attributes();
    this.cropper = cropper;
    this.views = choices.views;
    this.batchSize = choices.batchSize;
    this.permits = new Semaphore(choices.callsAtOnce);
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
    answer(
        Iterables.transform(photos, path -> new Named(path.toString(), sourceOf(path))), answers);
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
    answer(
        Iterables.transform(photos.entrySet(), e -> new Named(e.getKey(), e.getValue())), answers);
  }

  /** A photo's file and its name in messages. */
  private record Named(String name, PhotoSource file) {}

  private void answer(Iterable<Named> photos, Consumer<Answer> answers) {
    for (List<Named> some : Iterables.partition(photos, batchSize)) {
      List<Object> decoded = some.parallelStream().map(this::decodeOrError).toList();
      List<CroppedPhoto> readable = new ArrayList<>();
      for (Object each : decoded) {
        if (each instanceof CroppedPhoto photo) {
          readable.add(photo);
        }
      }
      List<FacePrediction> predictions = readable.isEmpty() ? List.of() : predict(readable);
      int next = 0;
      for (int i = 0; i < some.size(); i++) {
        answers.accept(
            decoded.get(i) instanceof IOException error
                ? new Answer(some.get(i).name(), Optional.empty(), Optional.of(error))
                : new Answer(
                    some.get(i).name(), Optional.of(predictions.get(next++)), Optional.empty()));
      }
    }
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
    check(squares >= 2, "squares", squares, "2 or more");
    CroppedPhoto decoded = decode(photo);
    int best = predict(decoded).best().classes().get(0).id();
    double[][] drops = new double[squares][squares];
    for (OpenNetwork network : networks) {
      Preprocessing input = network.preprocessing();
      byte[] seen = frames(List.of(decoded), network, ImmutableList.of(View.WHOLE));
      double whole = run(network, seen, 1)[0][best];
      for (int row = 0; row < squares; row++) {
        byte[] covered = new byte[squares * seen.length];
        for (int column = 0; column < squares; column++) {
          System.arraycopy(seen, 0, covered, column * seen.length, seen.length);
          cover(covered, column * seen.length, input, squares, row, column);
        }
        double[][] answers = run(network, covered, squares);
        for (int column = 0; column < squares; column++) {
          drops[row][column] += network.share() * (whole - answers[column][best]);
        }
      }
    }
    Preprocessing first = networks.get(0).preprocessing();
    byte[] seen = frames(List.of(decoded), networks.get(0), ImmutableList.of(View.WHOLE));
    return new HeatMap(
        image(seen, first.height(), first.width()),
        Stream.of(drops)
            .map(a -> ImmutableList.copyOf(Doubles.asList(a)))
            .collect(ImmutableList.toImmutableList()));
  }

  private static void cover(
      byte[] pixels, int from, Preprocessing input, int squares, int row, int column) {
    int width = input.width();
    for (int y = row * input.height() / squares; y < (row + 1) * input.height() / squares; y++) {
      int left = column * width / squares;
      int right = (column + 1) * width / squares;
      Arrays.fill(
          pixels, from + 3 * (y * width + left), from + 3 * (y * width + right), (byte) 127);
    }
  }

  private CroppedPhoto decode(Path photo) throws IOException {
    return cropper.decode(sourceOf(photo).read(), photo.toString());
  }

  private static PhotoSource sourceOf(Path photo) {
    return () -> {
      if (!Files.isRegularFile(photo)) {
        throw new InvalidFileException(photo, Problem.saying("there is no such photo"));
      }
      return Files.readAllBytes(photo);
    };
  }

  private Object decodeOrError(Named photo) {
    try {
      return cropper.decode(photo.file().read(), photo.name());
    } catch (IOException e) {
      return e;
    }
  }

  private FacePrediction predict(CroppedPhoto photo) {
    return predict(List.of(photo)).get(0);
  }

  private List<FacePrediction> predict(List<CroppedPhoto> photos) {
    permits.acquireUninterruptibly();
    try {
      List<double[][]> rows = new ArrayList<>();
      for (OpenNetwork network : networks) {
        byte[] frames = frames(photos, network, views);
        double[][] answers = run(network, frames, photos.size() * views.size());
        double[][] means = new double[photos.size()][answers[0].length];
        for (int i = 0; i < answers.length; i++) {
          for (int id = 0; id < answers[i].length; id++) {
            means[i / views.size()][id] += answers[i][id] / views.size();
          }
        }
        rows.add(means);
      }
      List<FacePrediction> predictions = new ArrayList<>();
      for (int i = 0; i < photos.size(); i++) {
        int photo = i;
        List<double[]> ofPhoto = rows.stream().map(r -> r[photo]).toList();
        double[] voted =
            vote.probabilities(
                ofPhoto.stream().map(r -> Arrays.copyOf(r, FaceClass.COUNT)).toList());
        predictions.add(
            new FacePrediction(
                ImmutableList.copyOf(Doubles.asList(voted)), attributes, years(ofPhoto)));
      }
      return predictions;
    } finally {
      permits.release();
    }
  }

  private OptionalDouble years(List<double[]> rows) {
    List<Float> years =
        rows.stream()
            .map(r -> r.length > FaceClass.COUNT ? (float) r[FaceClass.COUNT] : Float.NaN)
            .toList();
    float mean = vote.years(years);
    return Float.isNaN(mean) ? OptionalDouble.empty() : OptionalDouble.of(mean);
  }

  private static byte[] frames(
      List<CroppedPhoto> photos, OpenNetwork network, ImmutableList<View> views) {
    Preprocessing input = network.preprocessing();
    int each = input.height() * input.width() * 3;
    byte[] all = new byte[each * photos.size() * views.size()];
    ByteBuffer into = ByteBuffer.wrap(all);
    for (CroppedPhoto photo : photos) {
      for (View view : views) {
        photo.frame(input, network.faces(), view, into);
      }
    }
    return all;
  }

  private double[][] run(OpenNetwork network, byte[] frames, int count) {
    Preprocessing input = network.preprocessing();
    Shape shape = new Shape(count, input.height(), input.width(), 3);
    try (NDManager scope = network.classifier().manager().newSubManager()) {
      NDArray photos = scope.create(ByteBuffer.wrap(frames), shape, DataType.UINT8);
      float[] values = network.classifier().classify(photos).toFloatArray();
      int columns = values.length / count;
      double[][] answers = new double[count][columns];
      for (int i = 0; i < values.length; i++) {
        answers[i / columns][i % columns] = values[i];
      }
      return answers;
    }
  }

  private static BufferedImage image(byte[] rgb, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int pixel =
          ((rgb[3 * i] & 255) << 16) | ((rgb[3 * i + 1] & 255) << 8) | (rgb[3 * i + 2] & 255);
      image.setRGB(i % width, i / width, pixel);
    }
    return image;
  }

  @Override
  public void close() {
    networks.forEach(network -> network.classifier().close());
  }

  /** Builder of {@link FaceClassifier}. Not thread-safe. */
  public static final class Builder {
    private final Path folder;
    private Device device = Device.cpu();
    private Optional<Precision> precision = Optional.empty();
    private ImmutableList<View> views = ImmutableList.of(View.WHOLE);
    private Optional<FaceDetector> detector = Optional.empty();
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
      OpenEnsemble opened = OpenEnsemble.of(Ensemble.open(folder), device, numbers, detector);
      return new FaceClassifier(opened, new PhotoCropper(), this);
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
   * @param error why the photo cannot be read
   */
  public record Answer(
      String photo, Optional<FacePrediction> prediction, Optional<IOException> error) {}
}
