package io.github.facemask.network;

/**
 * The mean over the pixels: (B, C, H, W) to (B, C).
 *
 * @param name its part of the path
 */
public record GlobalAveragePool(String name) implements Layer {}
