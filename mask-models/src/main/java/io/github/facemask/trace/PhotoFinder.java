package io.github.facemask.trace;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.dataset.Photo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds the photos that a run was given, if they are still there. */
@FunctionalInterface
public interface PhotoFinder {

  /** Finds none. */
  PhotoFinder NONE = source -> Optional.empty();

  /**
   * Finds photos.
   *
   * @param source what the run's record says of where its data lay
   * @return the photos, or nothing if they are not on this machine
   * @throws IOException if they are there and cannot be read
   */
  Optional<List<Photo>> find(JsonNode source) throws IOException;
}
