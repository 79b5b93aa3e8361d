package io.github.facemask.djl;

import ai.djl.Model;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetectors;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the translator of a folder that {@code mask export} wrote, for {@code
 * Criteria.builder().setTypes(Image.class, Classifications.class).optModelPath(folder)
 * .optTranslatorFactory(new FaceTranslatorFactory())}: with {@code Classifications} for the main
 * subject, with {@code DetectedObjects} for every face.
 */
public final class FaceTranslatorFactory implements TranslatorFactory, Serializable {

  private static final long serialVersionUID = 1;

  @Override
  public Set<Pair<Type, Type>> getSupportedTypes() {
    return Set.of(
        new Pair<>(Image.class, Classifications.class),
        new Pair<>(Image.class, DetectedObjects.class));
  }

  /**
   * Makes a translator, and packs the weights of the model.
   *
   * @throws TranslateException if the types differ, or the folder's card or program was changed
   */
  @Override
  public <I, O> Translator<I, O> newInstance(
      Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
      throws TranslateException {
    boolean ofEachFace = output == DetectedObjects.class;
    if (input != Image.class || !(ofEachFace || output == Classifications.class)) {
      throw new TranslateException(
          "types are %s and %s, expected Image, and Classifications or DetectedObjects"
              .formatted(input.getName(), output.getName()));
    }
    try {
      ExportedModel folder = ExportedModel.open(model.getModelPath());
      pack(model);
      FaceTranslator ofSubject =
          new FaceTranslator(
              folder.preprocessing(), folder.faceCrop(Optional.empty()), folder.attributes());
      @SuppressWarnings("unchecked")
      Translator<I, O> translator =
          (Translator<I, O>)
              (ofEachFace ? ofSubject.ofEachFace(FaceCrop.by(FaceDetectors.usual())) : ofSubject);
      return translator;
    } catch (IOException e) {
      throw new TranslateException(e);
    }
  }

  /** Packs the weights before predictors share the program. */
  private static void pack(Model model) {
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDArray method = scope.create(0f);
      method.setName("module_method:prepare");
      NDList call = new NDList(method, scope.create(0f));
      model.getBlock().forward(new ParameterStore(scope, false), call, false);
    }
  }
}
