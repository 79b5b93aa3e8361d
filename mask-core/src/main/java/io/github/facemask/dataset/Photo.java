package io.github.facemask.dataset;

import java.nio.file.Path;

/**
 * A photo file and its id in tables, records and submissions.
 *
 * @param id unique in its data set, for instance {@code "000001_female_Asian_45/mask1"} or an
 *     evaluation photo's file name
 * @param file the photo's file
 */
public record Photo(String id, Path file) {}
