package io.github.facemask.classify;

import com.google.common.collect.ImmutableList;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * An occlusion map: how much the probability of the class drops when a square of the photo is
 * covered (Zeiler and Fergus, 2014).
 *
 * @param photo the input of the network, for drawing
 * @param drops the drop of the probability by row and column of the grid; negative where covering
 *     raises it
 */
public record HeatMap(BufferedImage photo, ImmutableList<List<Double>> drops) {

  private double at(int y, int height, int x, int width) {
    List<Double> row = drops.get(y * drops.size() / height);
    return row.get(x * row.size() / width);
  }

  /** Returns the photo with the relevant squares tinted red; a stronger red marks a larger drop. */
  public BufferedImage picture() {
    int height = photo.getHeight();
    int width = photo.getWidth();
    double most = 1e-6;
    for (List<Double> row : drops) {
      most = Math.max(most, row.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double drop = at(y, height, x, width);
        double tint = 0.65 * Math.max(0, drop) / most;
        int rgb = photo.getRGB(x, y);
        int red = (int) (((rgb >> 16) & 255) * (1 - tint) + 255 * tint);
        int green = (int) (((rgb >> 8) & 255) * (1 - tint));
        int blue = (int) ((rgb & 255) * (1 - tint));
        picture.setRGB(x, y, (red << 16) | (green << 8) | blue);
      }
    }
    return picture;
  }
}
