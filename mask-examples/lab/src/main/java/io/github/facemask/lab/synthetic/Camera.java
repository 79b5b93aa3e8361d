package io.github.facemask.lab.synthetic;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Simulates camera and lighting: exposure, tint, blur and noise. */
final class Camera {

  private static final int NOISE_SIZE = 1 << 12;
  private static final byte[] NOISE = noise();

  private Camera() {}

  static void expose(BufferedImage image, RandomGenerator random) {
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    if (random.nextDouble() < 0.3) {
      soften(pixels, image.getWidth(), image.getHeight());
    }
    double exposure = Tint.clamp(1 + 0.07 * random.nextGaussian(), 0.8, 1.12);
    double warmth = 0.03 * random.nextGaussian();
    double contrast = random.nextDouble(0.85, 1.08);
    int[][] curves = {
      curve(exposure * (1 + warmth), contrast),
      curve(exposure, contrast),
      curve(exposure * (1 - warmth), contrast)
    };
    shine(
        pixels,
        image.getWidth(),
        curves,
        Tint.clamp(0.12 * random.nextGaussian(), -0.25, 0.25),
        random.nextDouble(-0.08, 0.12),
        random.nextDouble(0.02, 0.11),
        random.nextInt() | 1);
  }

  private static int[] curve(double gain, double contrast) {
    int[] curve = new int[256];
    for (int i = 0; i < 256; i++) {
      curve[i] = (int) Math.round((118 + (i - 118) * contrast) * gain * 16);
    }
    return curve;
  }

  /** Applies tone curves, side light and noise in one pass. */
  private static void shine(
      int[] pixels,
      int width,
      int[][] curves,
      double fromSide,
      double fromTop,
      double noise,
      int seed) {
    int strength = (int) Math.round(noise * 256);
    int height = pixels.length / width;
    int[] side = new int[width];
    for (int x = 0; x < width; x++) {
      side[x] = (int) Math.round(1024 * fromSide * (x / (double) width - 0.5));
    }
    int state = seed;
    for (int y = 0; y < height; y++) {
      int row = (int) Math.round(1024 * (1 + fromTop * (0.5 - y / (double) height)));
      for (int i = y * width, x = 0; x < width; x++, i++) {
        state = state * 1664525 + 1013904223;
        int grain = (NOISE[state >>> 20] * strength) >> 5;
        int light = row + side[x];
        int rgb = pixels[i];
        int red = develop(curves[0][(rgb >> 16) & 255], light, grain);
        int green = develop(curves[1][(rgb >> 8) & 255], light, grain);
        int blue = develop(curves[2][rgb & 255], light, grain);
        pixels[i] = (red << 16) | (green << 8) | blue;
      }
    }
  }

  private static int develop(int tone, int light, int grain) {
    int value = (((tone * light) >> 10) + grain) >> 4;
    return value < 0 ? 0 : Math.min(value, 255);
  }

  /** Averages each pixel with its right and lower neighbours. */
  private static void soften(int[] pixels, int width, int height) {
    for (int y = 0; y + 1 < height; y++) {
      for (int i = y * width, x = 0; x + 1 < width; x++, i++) {
        int a = pixels[i];
        int b = pixels[i + 1];
        int c = pixels[i + width];
        int d = pixels[i + width + 1];
        // Red and blue share a sum, so two sums suffice for three channels.
        int redBlue = ((a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff)) >>> 2;
        int green = ((a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00)) >>> 2;
        pixels[i] = (redBlue & 0xff00ff) | (green & 0xff00);
      }
    }
  }

  private static byte[] noise() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] noise = new byte[NOISE_SIZE];
    for (int i = 0; i < NOISE_SIZE; i++) {
      noise[i] = (byte) Math.round(Tint.clamp(40 * random.nextGaussian(), -120, 120));
    }
    return noise;
  }
}
