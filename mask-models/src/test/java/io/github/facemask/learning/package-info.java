/** Whole runs of a small network on photos in memory. */
package io.github.facemask.learning;
