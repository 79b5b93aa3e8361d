/**
 * The 18 classes and the three attributes that make them; start with {@link
 * io.github.facemask.label.FaceClass}.
 */
package io.github.facemask.label;
