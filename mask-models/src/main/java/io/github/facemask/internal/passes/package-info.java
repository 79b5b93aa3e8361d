/**
 * Rewrites a trained network into the program that runs fastest; start with {@link
 * io.github.facemask.internal.passes.ExportProgram}. Not part of the public API.
 */
package io.github.facemask.internal.passes;
