/**
 * Photos with boxes and labels drawn on them; start with {@link
 * io.github.facemask.lab.annotation.FaceDrawing}.
 */
package io.github.facemask.lab.annotation;
