/**
 * The features of the processor; start with {@link
 * io.github.facemask.internal.processor.Processor}. Not part of the public API.
 */
package io.github.facemask.internal.processor;
