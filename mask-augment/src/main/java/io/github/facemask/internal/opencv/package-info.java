/**
 * Loads OpenCV once; see {@link io.github.facemask.internal.opencv.OpenCv}. Not part of the public
 * API.
 */
package io.github.facemask.internal.opencv;
