/** Backbones by timm's names; start with {@link io.github.facemask.backbone.Backbones}. */
package io.github.facemask.backbone;
