package io.github.facemask.facecrop;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.image.Box;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A reviewer's verdicts on crops, which the next crop run applies: a JSON-lines file with one
 * verdict for each photo. Immutable.
 */
public final class CropReview {

  /** The action for a crop. */
  public enum Action {
    /** The crop is right. */
    ACCEPT,
    /** The face is wrong: use the person's median, or the centre. */
    FALLBACK,
    /** Use the given box. */
    BOX
  }

  /**
   * One verdict.
   *
   * @param photoId the photo
   * @param action the action
   * @param box the crop in pixels of the decoded photo, for {@link Action#BOX} only
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Verdict(String photoId, Action action, Box box) {

    /** Checks that there is a box if the action needs one. */
    public Verdict {
      if (photoId == null || action == null) {
        throw new IllegalArgumentException(
            "verdict on photo '" + photoId + "' is " + action + ", expected a photo and an action");
      }
      if ((action == Action.BOX) != (box != null)) {
        throw new IllegalArgumentException(
            "verdict on photo '"
                + photoId
                + "' is "
                + action
                + " with box "
                + box
                + ", expected a box for BOX and for nothing else");
      }
    }
  }

  private final ImmutableMap<String, Verdict> verdicts;

  private CropReview(ImmutableMap<String, Verdict> verdicts) {
    this.verdicts = verdicts;
  }

  /**
   * Makes a review; the last verdict on a photo counts.
   *
   * @param verdicts the verdicts
   * @return the review
   */
  public static CropReview of(Collection<Verdict> verdicts) {
    Map<String, Verdict> last = new LinkedHashMap<>();
    verdicts.forEach(verdict -> last.put(verdict.photoId(), verdict));
    return new CropReview(ImmutableMap.copyOf(last));
  }

  /**
   * Reads a review file.
   *
   * @param file JSON lines
   * @return the review
   * @throws IOException if it cannot be read; the message names file and line
   */
  public static CropReview read(Path file) throws IOException {
    return of(JsonLines.read(file, Verdict.class));
  }

  /**
   * Writes the review.
   *
   * @param file the file to write or replace
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    JsonLines.write(file, verdicts());
  }

  /**
   * Returns the verdict on a photo.
   *
   * @param photoId the photo
   * @return the verdict, or empty for none
   */
  public Optional<Verdict> find(String photoId) {
    return Optional.ofNullable(verdicts.get(photoId));
  }

  /** Returns all verdicts. */
  public List<Verdict> verdicts() {
    return verdicts.values().asList();
  }
}
