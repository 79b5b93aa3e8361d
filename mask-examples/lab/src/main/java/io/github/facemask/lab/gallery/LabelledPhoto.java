package io.github.facemask.lab.gallery;

import io.github.facemask.image.Pixels;
import io.github.facemask.label.FaceLabel;

/**
 * A decoded photo with its label, for mixing.
 *
 * @param pixels the photo
 * @param label what is known of the face
 */
public record LabelledPhoto(Pixels pixels, FaceLabel label) {}
