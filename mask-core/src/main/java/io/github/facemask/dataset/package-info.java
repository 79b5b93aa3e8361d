/**
 * Labelled photos, read from folders or tables and split by person; start with {@link
 * io.github.facemask.dataset.PhotoSet}.
 */
package io.github.facemask.dataset;
