/**
 * Finds and crops the face of the labelled person, and records why it was chosen; start with {@link
 * io.github.facemask.facecrop.FaceCrop}, whose results are {@link
 * io.github.facemask.facecrop.CropDecision}s in a {@link io.github.facemask.facecrop.CropTable}.
 */
package io.github.facemask.facecrop;
