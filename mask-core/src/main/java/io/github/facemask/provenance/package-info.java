/**
 * The origin of results: digests, run ids and the folder and record of a run; start with {@link
 * io.github.facemask.provenance.Digest}.
 */
package io.github.facemask.provenance;
