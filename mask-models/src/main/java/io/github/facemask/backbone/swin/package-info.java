/**
 * Transformers over shifted windows (Liu et al., "Swin transformer", 2021); see {@link
 * io.github.facemask.backbone.swin.Swin}.
 */
package io.github.facemask.backbone.swin;
