package io.github.facemask.lab.annotation;

import io.github.facemask.image.Box;
import java.util.Optional;

/**
 * What is drawn for a face.
 *
 * @param box the frame, in pixels of the photo; empty for a label of the whole photo
 * @param label the text, with a comma and a space where a line may end
 * @param tone the colour
 */
public record FaceMark(Optional<Box> box, String label, Tone tone) {

  /**
   * Colours of Okabe and Ito ("Color universal design", 2008), which people with any kind of colour
   * vision tell apart. They also differ in lightness.
   */
  public enum Tone {
    /** Sky blue: a mask is worn. */
    WORN(0x56b4e9),
    /** Yellow: a mask is worn wrongly. */
    INCORRECT(0xf0e442),
    /** Vermilion: no mask. */
    NOT_WORN(0xd55e00),
    /** White: not known, or not sure. */
    UNKNOWN(0xffffff);

    private final int rgb;

    Tone(int rgb) {
      this.rgb = rgb;
    }

    /** Returns the colour as 0xRRGGBB. */
    public int rgb() {
      return rgb;
    }
  }
}
