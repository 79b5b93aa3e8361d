package io.github.facemask.lab.inspection;

import io.github.facemask.dataset.FacePhoto;

/**
 * Two photos that look alike though their people differ: one person under two names, or a photo
 * filed wrongly.
 *
 * @param first a photo
 * @param second a photo of another person
 * @param distance how many of the 64 bits of their perceptual hashes differ
 * @param difference the mean difference of the values at 16 x 16 pixels, 0 to 255
 */
public record NearDuplicate(FacePhoto first, FacePhoto second, int distance, double difference) {}
