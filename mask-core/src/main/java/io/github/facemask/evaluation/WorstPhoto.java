package io.github.facemask.evaluation;

import io.github.facemask.label.FaceClass;

/**
 * A photo whose true class was held improbable.
 *
 * @param photo the photo's id
 * @param person who is on it
 * @param truth the true class
 * @param predicted the predicted class
 * @param probability the probability of the true class
 * @param loss minus the logarithm of that
 */
public record WorstPhoto(
    String photo,
    String person,
    FaceClass truth,
    FaceClass predicted,
    double probability,
    double loss) {}
