/**
 * Loads batches of photos in parallel, ahead of the training loop; start with {@link
 * io.github.facemask.loader.PhotoLoader}.
 */
package io.github.facemask.loader;
