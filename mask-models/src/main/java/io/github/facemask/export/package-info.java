/**
 * Exports a trained model as a TorchScript program; start with {@link
 * io.github.facemask.export.ExportedModel}.
 */
package io.github.facemask.export;
