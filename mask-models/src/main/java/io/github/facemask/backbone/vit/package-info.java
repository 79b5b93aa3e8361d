/**
 * Transformers over patches of a photo or of a small convolutional network's features (Dosovitskiy
 * et al., "An image is worth 16x16 words", 2020); see {@link
 * io.github.facemask.backbone.vit.VisionTransformer}.
 */
package io.github.facemask.backbone.vit;
