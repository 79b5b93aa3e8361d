/**
 * A trained model exported as a program; start with {@link
 * io.github.facemask.export.ExportedModel}.
 */
package io.github.facemask.export;
