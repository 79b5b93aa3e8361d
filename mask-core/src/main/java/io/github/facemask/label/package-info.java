/**
 * The 18 classes and the three attributes that define them; start with {@link
 * io.github.facemask.label.FaceClass}.
 */
package io.github.facemask.label;
