package io.github.facemask.lab.synthetic;

/**
 * The box of a face on a photo, from the middle of the forehead to the chin.
 *
 * @param x the left edge in pixels
 * @param y the upper edge in pixels
 * @param width the width in pixels
 * @param height the height in pixels
 */
public record FaceBox(int x, int y, int width, int height) {}
