/**
 * Traces a file back to the models and photos that it was made from; start with {@link
 * io.github.facemask.trace.Tracer}.
 */
package io.github.facemask.trace;
