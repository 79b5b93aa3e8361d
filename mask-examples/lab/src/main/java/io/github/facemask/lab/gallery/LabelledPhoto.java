package io.github.facemask.lab.gallery;

import io.github.facemask.image.Pixels;
import io.github.facemask.label.FaceClass;

/**
 * A decoded photo with its label, for mixing.
 *
 * @param pixels the photo
 * @param label its class
 */
public record LabelledPhoto(Pixels pixels, FaceClass label) {}
