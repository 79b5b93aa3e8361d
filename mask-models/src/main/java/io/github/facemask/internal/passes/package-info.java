/**
 * Compiler passes that turn a trained network into a fast program; start with {@link
 * io.github.facemask.internal.passes.ExportProgram}. Not part of the public API.
 */
package io.github.facemask.internal.passes;
