/**
 * The 18 classes, the three attributes that define them, and what is known about a photo; start
 * with {@link io.github.facemask.label.FaceClass} and {@link io.github.facemask.label.FaceLabel}.
 */
package io.github.facemask.label;
