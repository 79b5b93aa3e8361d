/**
 * The contract between what loads photos and what learns from them; see {@link
 * io.github.facemask.batch.BatchSource}.
 */
package io.github.facemask.batch;
