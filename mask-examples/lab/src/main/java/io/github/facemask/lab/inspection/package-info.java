/**
 * What photos look like: sizes, light, sharpness, copies; start with {@link
 * io.github.facemask.lab.inspection.PhotoInspection}.
 */
package io.github.facemask.lab.inspection;
