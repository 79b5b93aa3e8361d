package io.github.facemask.lab.synthetic;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.file.Path;

/**
 * What was drawn.
 *
 * @param root the folder, with {@code train}, {@code eval} and {@code truth.csv}
 * @param people how many people the training photos show
 * @param trainingPhotos how many training photos there are, seven a person
 * @param evaluationPhotos how many evaluation photos there are, of other people
 * @param classCounts the training photos of each class, at the index of its id
 */
public record SyntheticSummary(
    Path root,
    int people,
    int trainingPhotos,
    int evaluationPhotos,
    ImmutableIntArray classCounts) {}
