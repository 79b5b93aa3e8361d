/** The backbones by name; start with {@link io.github.facemask.backbone.Backbones}. */
package io.github.facemask.backbone;
