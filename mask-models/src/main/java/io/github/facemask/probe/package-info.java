/**
 * What a model loses when a part of its photos is hidden; start with {@link
 * io.github.facemask.probe.OcclusionProbe}.
 */
package io.github.facemask.probe;
