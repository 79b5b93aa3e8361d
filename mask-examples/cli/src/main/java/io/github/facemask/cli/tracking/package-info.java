/** Exports runs to external experiment trackers. */
package io.github.facemask.cli.tracking;
