/**
 * Lays drawn masks on faces without one; start with {@link io.github.facemask.overlay.MaskOverlay}.
 */
package io.github.facemask.overlay;
