/**
 * Pictures of what training does to photos, for a person to look at; start with {@link
 * io.github.facemask.gallery.Gallery}.
 */
package io.github.facemask.gallery;
