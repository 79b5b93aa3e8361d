/**
 * The appearance of photos: sizes, brightness, sharpness, copies, near-duplicates; start with
 * {@link io.github.facemask.lab.inspection.PhotoInspection}.
 */
package io.github.facemask.lab.inspection;
