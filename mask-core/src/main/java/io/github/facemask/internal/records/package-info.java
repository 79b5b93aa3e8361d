/**
 * Records of runs as JSON trees; see {@link io.github.facemask.internal.records.RunJson}. Not part
 * of the public API.
 */
package io.github.facemask.internal.records;
