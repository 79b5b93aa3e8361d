package io.github.facemask.djl;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import java.nio.ByteBuffer;
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
