/** Copies photos into OpenCV matrices and back. */
package io.github.facemask.internal.matrix;
