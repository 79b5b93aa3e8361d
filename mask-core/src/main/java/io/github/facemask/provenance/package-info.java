/**
 * Where a result comes from: digests, the record of a run and files that are never half-written;
 * start with {@link io.github.facemask.provenance.Digest}.
 */
package io.github.facemask.provenance;
