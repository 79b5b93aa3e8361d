package io.github.facemask.lab.gallery;

import io.github.facemask.image.Pixels;
import java.util.List;

/**
 * A picture with a caption.
 *
 * @param pixels the picture
 * @param caption lines of text, the first the most important
 */
public record Picture(Pixels pixels, List<String> caption) {

  /** Copies the list. */
  public Picture {
    caption = List.copyOf(caption);
  }
}
