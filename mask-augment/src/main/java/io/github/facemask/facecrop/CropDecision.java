package io.github.facemask.facecrop;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.facecrop.FaceCropSettings.PrimarySubject;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.util.List;

/**
 * The crop of a photo, and why it was chosen.
 *
 * @param photoId the photo
 * @param digest the SHA-256 of the file's bytes, in hexadecimal
 * @param height the decoded photo's height in pixels
 * @param width the decoded photo's width in pixels
 * @param crop the crop, within the photo
 * @param rule how it was chosen
 * @param reason why this rule was used, as text
 * @param chosen the index of the chosen face in {@code faces}, -1 for none
 * @param faces all faces that were found
 * @param settings the settings of the search and the crop
 */
public record CropDecision(
    String photoId,
    String digest,
    int height,
    int width,
    Box crop,
    Rule rule,
    String reason,
    int chosen,
    List<Detection> faces,
    FaceCropSettings settings) {

  /** How a crop was chosen. */
  public enum Rule {
    /** The face with the largest weight; see {@link PrimarySubject}. */
    PRIMARY_SUBJECT,
    /** No face: the median of the person's other crops, relative to the photo's size. */
    PERSON_MEDIAN,
    /** No face on this photo or on the person's other photos: the centre. */
    CENTER,
    /** A reviewer drew the box. */
    OWN_BOX
  }

  /** Checks the values and copies the list of faces. */
  public CropDecision {
    checkArgument(
        photoId != null && digest != null && crop != null && rule != null && faces != null,
        "photo %s has no id, digest, crop, rule or faces",
        photoId);
    check(height >= 1 && width >= 1, "size", height + " x " + width, "sides of at least 1");
    faces = List.copyOf(faces);
  }

  /** Returns whether no face was found, or none was accepted. */
  public boolean fallback() {
    return rule == Rule.PERSON_MEDIAN || rule == Rule.CENTER;
  }

  /**
   * Returns how far the crop is turned, in degrees, above 0 if the eye on the photo's right is
   * lower; 0 if the settings do not align faces, or no face with landmarks was chosen.
   */
  public double roll() {
    return settings.aligned() && chosen >= 0 ? faces.get(chosen).roll() : 0;
  }

  /**
   * Cuts the crop out of a photo, and turns it upright if the settings say so.
   *
   * @param photo the decoded photo, at its full or a reduced size
   * @return a copy of the part
   */
  public Pixels cut(Pixels photo) {
    Box part =
        photo.height() == height && photo.width() == width
            ? crop
            : crop.scaled((double) photo.width() / width, (double) photo.height() / height);
    return Upright.cut(photo, part, roll());
  }

  /** Returns the crop with coordinates relative to the photo's width and height. */
  Box relativeCrop() {
    return crop.scaled(1.0 / width, 1.0 / height);
  }
}
