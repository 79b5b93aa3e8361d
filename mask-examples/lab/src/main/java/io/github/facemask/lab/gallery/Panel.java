package io.github.facemask.lab.gallery;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.List;

/**
 * The pictures of one transform or mixing, in rows of equal length.
 *
 * @param title its name
 * @param note its parameters, in words
 * @param columns the number of pictures in a row
 * @param pictures the pictures, row by row
 */
public record Panel(String title, String note, int columns, List<Picture> pictures) {

  /** Copies the list and checks that the rows are full. */
  public Panel {
    pictures = List.copyOf(pictures);
    checkArgument(
        columns >= 1 && !pictures.isEmpty() && pictures.size() % columns == 0,
        "panel '%s' has %s pictures in rows of %s, expected full rows",
        title,
        pictures.size(),
        columns);
  }
}
