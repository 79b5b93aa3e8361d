package io.github.facemask.dataset;

import java.nio.file.Path;

/**
 * A photo file and the name by which tables, records and submissions call it.
 *
 * @param id a name that is unique in its data set, for instance {@code
 *     "000001_female_Asian_45/mask1"} or an evaluation photo's file name
 * @param file where the photo lies
 */
public record Photo(String id, Path file) {}
