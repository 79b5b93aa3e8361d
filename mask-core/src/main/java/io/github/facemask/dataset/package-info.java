/**
 * Photos with labels, read from folders and split by person; start with {@link
 * io.github.facemask.dataset.PhotoSet}.
 */
package io.github.facemask.dataset;
