package io.github.facemask.cli.predict;

import io.github.facemask.classify.FaceClassifier.Answer;
import io.github.facemask.classify.FaceClassifier.Face;
import io.github.facemask.classify.FaceClassifier.FacesAnswer;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.cli.options.OneLine;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.image.Box;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The answer for a photo, in a form for all outputs.
 *
 * @param photo its name
 * @param error why it cannot be read; empty if it can
 * @param each whether each face was asked for
 * @param faces the main subject, or each face in reading order
 */
record PhotoAnswer(String photo, String error, boolean each, List<Subject> faces) {

  /**
   * A face, or a photo as a whole.
   *
   * @param prediction what it is
   * @param box the detected face
   * @param score the detector's score
   * @param landmarks the detector's points; may be empty
   * @param crop what the model saw of a photo, for a model of face crops
   */
  record Subject(
      FacePrediction prediction,
      Optional<Box> box,
      OptionalDouble score,
      List<Point> landmarks,
      Optional<CropDecision> crop) {

    static Subject of(Face face) {
      return new Subject(
          face.prediction(),
          Optional.of(face.box()),
          OptionalDouble.of(face.score()),
          face.landmarks(),
          Optional.empty());
    }

    static Subject of(FacePrediction prediction, Optional<CropDecision> crop) {
      Optional<Detection> face =
          crop.filter(found -> found.chosen() >= 0).map(found -> found.faces().get(found.chosen()));
      return new Subject(
          prediction,
          face.map(Detection::box),
          face.isPresent() ? OptionalDouble.of(face.get().score()) : OptionalDouble.empty(),
          face.map(Detection::landmarks).orElse(List.of()),
          crop);
    }

    /** Returns whether the model saw a part of the photo without a face. */
    boolean fallback() {
      return crop.isPresent() && crop.get().fallback();
    }

    /** Returns the label for people: unsure attributes are named so. */
    String words() {
      FaceLabel answer = prediction.answer();
      if (answer.known().isEmpty()) {
        return "unsure";
      }
      List<String> words = new ArrayList<>();
      words.add(answer.displayName());
      for (Attribute attribute : Attribute.values()) {
        if (prediction.unsure().contains(attribute)) {
          words.add(attribute.word() + " unsure");
        }
      }
      return String.join(", ", words);
    }

    /** Returns the most probable value of an attribute; empty if it is not answered or unsure. */
    Optional<String> value(Attribute attribute) {
      FaceLabel answer = prediction.answer();
      return answer.known().contains(attribute)
          ? Optional.of(attribute.valueNames().get(answer.value(attribute).orElseThrow()))
          : Optional.empty();
    }

    /** Returns the probability of each value of an attribute. */
    Map<String, Double> probabilities(Attribute attribute) {
      Map<String, Double> sums = new LinkedHashMap<>();
      attribute.valueNames().forEach(name -> sums.put(name, 0.0));
      for (FaceClass each : FaceClass.values()) {
        sums.merge(
            attribute.valueNames().get(attribute.of(each)),
            prediction.probability(each),
            Double::sum);
      }
      return sums;
    }
  }

  static PhotoAnswer of(Answer answer) {
    return new PhotoAnswer(
        answer.photo(),
        answer.error().map(PhotoAnswer::reason).orElse(""),
        false,
        answer.prediction().map(p -> List.of(Subject.of(p, answer.crop()))).orElse(List.of()));
  }

  static PhotoAnswer of(FacesAnswer answer) {
    return new PhotoAnswer(
        answer.photo(),
        answer.error().map(PhotoAnswer::reason).orElse(""),
        true,
        answer.faces().stream().map(Subject::of).toList());
  }

  boolean isBad() {
    return !error.isEmpty();
  }

  /** Returns why a photo cannot be read, without its name and as one line. */
  static String reason(IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (e instanceof UnreadablePhotoException photo) {
      reason = photo.reason();
    } else if (e instanceof InvalidFileException file) {
      reason = file.problem().message();
    } else if (e instanceof NoSuchFileException) {
      reason = "there is no such file";
    } else if (e instanceof AccessDeniedException) {
      reason = "permission denied";
    } else if (e instanceof FileSystemException file && file.getReason() != null) {
      reason = file.getReason().toLowerCase(Locale.ROOT);
    }
    return OneLine.of(reason);
  }
}
