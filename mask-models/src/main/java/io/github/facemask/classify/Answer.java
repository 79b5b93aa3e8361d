package io.github.facemask.classify;

import java.io.IOException;
import java.util.Optional;

/**
 * What became of one photo of many: a prediction or an error.
 *
 * @param photo its path, or what the caller called it
 * @param prediction what it shows, unless it cannot be read
 * @param error why it cannot be read
 */
public record Answer(
    String photo, Optional<FacePrediction> prediction, Optional<IOException> error) {}
