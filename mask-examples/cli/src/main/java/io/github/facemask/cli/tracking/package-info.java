/** Copies of runs for trackers outside of facemask. */
package io.github.facemask.cli.tracking;
