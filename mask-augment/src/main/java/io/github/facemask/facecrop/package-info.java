/**
 * Which part of a photo shows the face that the label is about, and why; start with {@link
 * io.github.facemask.facecrop.FaceCrop}, whose results are {@link
 * io.github.facemask.facecrop.CropDecision}s in a {@link io.github.facemask.facecrop.CropTable}.
 */
package io.github.facemask.facecrop;
