/** Copies photos into matrices of OpenCV and back. */
package io.github.facemask.internal.matrix;
