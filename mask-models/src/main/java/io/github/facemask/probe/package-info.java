/**
 * Measures how much macro F1 a model loses when parts of the photos are hidden; start with {@link
 * io.github.facemask.probe.OcclusionProbe}.
 */
package io.github.facemask.probe;
