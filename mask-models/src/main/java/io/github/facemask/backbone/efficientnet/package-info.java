/**
 * Networks scaled in depth, width and input size together (Tan and Le, "EfficientNet", 2019); see
 * {@link io.github.facemask.backbone.efficientnet.EfficientNet}.
 */
package io.github.facemask.backbone.efficientnet;
