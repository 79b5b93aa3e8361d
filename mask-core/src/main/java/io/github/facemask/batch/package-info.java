/**
 * The interface between loaders of photos and the training loop; see {@link
 * io.github.facemask.batch.BatchSource}.
 */
package io.github.facemask.batch;
