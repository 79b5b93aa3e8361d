package io.github.facemask.facecrop;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.facecrop.FaceCrop.PrimarySubject;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import java.util.List;

/**
 * Which part of a photo is used, and why.
 *
 * @param photoId the photo
 * @param digest the SHA-256 of the file's bytes, in hexadecimal
 * @param height the decoded photo's height in pixels
 * @param width the decoded photo's width in pixels
 * @param crop the part to use, within the photo
 * @param rule how it was chosen
 * @param reason why this rule, for people
 * @param chosen where the chosen face stands in {@code faces}, -1 for none
 * @param faces all faces that were found
 * @param settings how the face was looked for and cut
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
    /** No face: the median of the person's other crops, in shares of the photo's size. */
    PERSON_MEDIAN,
    /** No face here nor on the person's other photos: the centre. */
    CENTER,
    /** A person drew the box. */
    OWN_BOX
  }

  /** Checks that all is there, and makes the list of faces immutable. */
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

  /** Returns the crop with coordinates in shares of the photo's width and height. */
  Box relativeCrop() {
    return crop.scaled(1.0 / width, 1.0 / height);
  }
}
