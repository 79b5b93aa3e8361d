/**
 * Exports a trained model, or an ensemble, as one program; start with {@link
 * io.github.facemask.export.Exporter}.
 */
package io.github.facemask.export;
