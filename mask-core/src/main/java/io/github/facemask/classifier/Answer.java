package io.github.facemask.classifier;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What became of one photo of many: a prediction or an error.
 *
 * @param photo the photo's file
 * @param prediction what it shows, unless it cannot be read
 * @param error why it cannot be read
 */
public record Answer(
    Path photo, Optional<FacePrediction> prediction, Optional<IOException> error) {}
