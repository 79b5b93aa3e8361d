/**
 * Where a file comes from, down to the photos; start with {@link io.github.facemask.trace.Tracer}.
 */
package io.github.facemask.trace;
