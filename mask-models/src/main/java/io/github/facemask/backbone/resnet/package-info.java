/**
 * Residual networks (He et al., "Deep residual learning for image recognition", 2015); see {@link
 * io.github.facemask.backbone.resnet.ResNet}.
 */
package io.github.facemask.backbone.resnet;
