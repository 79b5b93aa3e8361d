package io.github.facemask.djl;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.BoundingBox;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.modality.cv.output.Landmark;
import ai.djl.modality.cv.output.Point;
import ai.djl.modality.cv.output.Rectangle;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.internal.cropping.FaceSearch;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PhotoClassifier.NonFiniteAnswerException;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Preprocesses a DJL image as evaluation does, and returns the classes with their names. Can be
 * shared by several predictors of one model.
 */
public final class FaceTranslator implements Translator<Image, Classifications> {

  private final List<String> names;
  private final Preprocessing preprocessing;
  private final Optional<FaceCrop> faces;
  private final PhotoCropper cropper = new PhotoCropper();

  /**
   * Makes a translator of a model that answers all attributes.
   *
   * @param preprocessing the network's preprocessing
   * @param faces the face crop that it expects; empty for whole photos
   */
  public FaceTranslator(Preprocessing preprocessing, Optional<FaceCrop> faces) {
    this(preprocessing, faces, EnumSet.allOf(Attribute.class));
  }

  /**
   * Makes a translator.
   *
   * @param preprocessing the network's preprocessing
   * @param faces the face crop that it expects; empty for whole photos
   * @param attributes the attributes that the model answers; the names are those of their labels
   */
  public FaceTranslator(
      Preprocessing preprocessing, Optional<FaceCrop> faces, Set<Attribute> attributes) {
    this.names = FaceLabel.knowing(attributes).stream().map(FaceLabel::displayName).toList();
    this.preprocessing = preprocessing;
    this.faces = faces;
  }

  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }

  /**
   * Returns the translator that finds every face of an image and returns the faces in reading
   * order: for each the name and the probability of its most probable class, its box as shares of
   * the image, and its landmarks if the detector finds them. It does not take batches of images:
   * the faces of an image are a batch.
   *
   * @param usual how faces are found for a network of whole photos; other networks find them as
   *     they expect
   * @return the translator, which can be shared as this one
   */
  public Translator<Image, DetectedObjects> ofEachFace(FaceCrop usual) {
    return new OfEachFace(FaceSearch.all(faces.orElse(usual)));
  }

  /** The translator of all faces of an image. */
  private final class OfEachFace implements Translator<Image, DetectedObjects> {

    private static final String FOUND = "faces";

    private final FaceSearch search;

    OfEachFace(FaceSearch search) {
      this.search = search;
    }

    @Override
    public Batchifier getBatchifier() {
      return null; // how DJL knows that an input is a batch already
    }

    @Override
    public NDList processInput(TranslatorContext context, Image image) {
      Program.runAsWritten();
      CroppedPhoto photo = cropper.wrap(image);
      List<Detection> found = search.of(photo);
      context.setAttachment(
          FOUND, found.stream().map(face -> place(face, photo.pixels())).toList());
      int height = preprocessing.height();
      int width = preprocessing.width();
      // The network gets one black photo if nobody is there; its answer is not read.
      int count = Math.max(1, found.size());
      ByteBuffer pixels = ByteBuffer.allocateDirect(3 * height * width * count);
      for (Detection face : found) {
        CroppedPhoto.frame(
            photo.face(face, search.crop(), faces), preprocessing, View.WHOLE, pixels);
      }
      pixels.rewind();
      return new NDList(
          context
              .getNDManager()
              .create(pixels, new Shape(count, height, width, 3), DataType.UINT8));
    }

    private BoundingBox place(Detection face, Pixels photo) {
      Box box = face.box().scaled(1.0 / photo.width(), 1.0 / photo.height());
      List<Point> points =
          face.landmarks().stream()
              .map(point -> new Point(point.x() / photo.width(), point.y() / photo.height()))
              .toList();
      return points.isEmpty()
          ? new Rectangle(box.left(), box.top(), box.width(), box.height())
          : new Landmark(box.left(), box.top(), box.width(), box.height(), points);
    }

    @Override
    public DetectedObjects processOutput(TranslatorContext context, NDList logits) {
      @SuppressWarnings("unchecked")
      List<BoundingBox> places = (List<BoundingBox>) context.getAttachment(FOUND);
      List<String> labels = new ArrayList<>();
      List<Double> shares = new ArrayList<>();
      NDArray classes = logits.singletonOrThrow().get(":, :" + names.size()).softmax(1);
      for (int i = 0; i < places.size(); i++) {
        float[] row = NonFiniteAnswerException.check(classes.get(i).toFloatArray(), List.of());
        int best = 0;
        for (int k = 1; k < row.length; k++) {
          best = row[k] > row[best] ? k : best;
        }
        labels.add(names.get(best));
        shares.add((double) row[best]);
      }
      return new DetectedObjects(labels, shares, places);
    }
  }

  @Override
  public NDList processInput(TranslatorContext context, Image photo) {
    Program.runAsWritten();
    int height = preprocessing.height();
    int width = preprocessing.width();
    ByteBuffer pixels = ByteBuffer.allocateDirect(3 * height * width);
    CroppedPhoto.frame(cropper.wrap(photo).subject(faces), preprocessing, View.WHOLE, pixels);
    NDArray frame =
        context.getNDManager().create(pixels.flip(), new Shape(height, width, 3), DataType.UINT8);
    return new NDList(frame);
  }

  @Override
  public Classifications processOutput(TranslatorContext context, NDList logits) {
    // The output after the classes, if any, is the expected age.
    NDArray classes = logits.singletonOrThrow().get(":" + names.size());
    return new Classifications(names, classes.softmax(0));
  }
}
