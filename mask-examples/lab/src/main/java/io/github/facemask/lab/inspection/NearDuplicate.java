package io.github.facemask.lab.inspection;

import io.github.facemask.dataset.FacePhoto;

/**
 * Two similar photos of different people: one person under two names, or a misplaced photo. Exact
 * copies are not near-duplicates; see {@link PhotoInspection#copies}.
 *
 * @param first a photo
 * @param second a photo of another person
 * @param distance the number of different bits in their 64-bit perceptual hashes
 * @param difference the mean difference of the values at 16 x 16 pixels, 0 to 255
 */
public record NearDuplicate(FacePhoto first, FacePhoto second, int distance, double difference) {}
