/**
 * Pictures of transforms and mixings; start with {@link io.github.facemask.lab.gallery.Gallery}.
 */
package io.github.facemask.lab.gallery;
