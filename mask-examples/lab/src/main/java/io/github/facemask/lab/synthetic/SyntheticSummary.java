package io.github.facemask.lab.synthetic;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.file.Path;

/**
 * A summary of a synthetic data set.
 *
 * @param root the folder, with {@code train}, {@code eval} and {@code truth.csv}
 * @param people the number of people on the training photos
 * @param trainingPhotos the number of training photos, seven for each person
 * @param evaluationPhotos the number of evaluation photos, of other people
 * @param classCounts the training photos of each class, at the index of its id
 */
public record SyntheticSummary(
    Path root,
    int people,
    int trainingPhotos,
    int evaluationPhotos,
    ImmutableIntArray classCounts) {}
