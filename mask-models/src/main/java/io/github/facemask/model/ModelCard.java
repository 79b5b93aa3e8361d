package io.github.facemask.model;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.internal.cards.DetectorFile;
import io.github.facemask.label.Attribute;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The card of a model in a folder: all that prediction needs, and the model's origin. A {@link
 * ModelFolder} holds a trained model, an {@code ExportedModel} a program.
 */
public interface ModelCard {

  /** The name of the face detector's network in the folder of a model that needs one. */
  String DETECTOR_FILE = DetectorFile.NAME;

  /** Returns the folder. */
  Path path();

  /** Returns the card's file in the folder. */
  Path card();

  /** Returns timm's name of the architecture, without tag. */
  String architecture();

  /** Returns the attributes that it answers. */
  ImmutableSet<Attribute> attributes();

  /** Returns whether it answers the age in years, too. */
  boolean answersYears();

  /** Returns its preprocessing. */
  Preprocessing preprocessing();

  /** Returns how faces are found and cropped for it; empty for a model of whole photos. */
  Optional<FaceCropSettings> faces();

  /**
   * Returns the temperatures that calibrate its probabilities of each attribute, fitted on its
   * validation photos: probabilities are raised to 1 / temperature and scaled to a sum of 1. Empty
   * for a model without a calibration.
   */
  default ImmutableMap<Attribute, Double> temperatures() {
    return ImmutableMap.of();
  }

  /** Returns the run and the data that it was trained on. */
  ModelOrigin origin();

  /**
   * Returns the SHA-256 of its weights file; for a program, of the weights that it was exported
   * from.
   */
  Digest weightsDigest();

  /** Returns the SHA-256 of the program, if it is an exported one. */
  Optional<Digest> program();

  /**
   * Returns the face crop that it was trained with.
   *
   * @param given a custom detector, which is used if it is the card's; if empty, the built-in
   *     detector or the network in the folder
   * @return the crop; empty for a model of whole photos
   * @throws FaceDetectors.UnavailableException if the card's detector is not available; no other is
   *     used
   * @throws IOException if the network in the folder cannot be read
   */
  default Optional<FaceCrop> faceCrop(Optional<FaceDetector> given) throws IOException {
    if (faces().isEmpty()) {
      return Optional.empty();
    }
    FaceCropSettings settings = faces().get();
    Optional<FaceDetector> fitting = given.filter(d -> d.settings().equals(settings.detector()));
    if (fitting.isPresent()) {
      return Optional.of(FaceCrop.of(settings, fitting.get()));
    }
    Path network = path().resolve(DETECTOR_FILE);
    FaceDetector own =
        FaceDetectors.open(
            settings.detector(),
            Files.isRegularFile(network) ? Optional.of(network) : Optional.empty());
    return Optional.of(FaceCrop.of(settings, own));
  }
}
