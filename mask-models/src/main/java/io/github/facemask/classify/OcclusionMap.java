package io.github.facemask.classify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.facemask.classify.FacePass.Subject;
import io.github.facemask.classify.OpenEnsemble.OpenNetwork;
import io.github.facemask.label.FaceClass;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Covers one square of a subject after another and measures how the probability drops. */
final class OcclusionMap {

  private OcclusionMap() {}

  /** Returns the map of a class over the input of the first network. */
  static HeatMap of(Subject subject, List<OpenNetwork> networks, FaceClass of, int squares) {
    int best = of.id();
    double[][] drops = new double[squares][squares];
    for (OpenNetwork network : networks) {
      Preprocessing input = network.preprocessing();
      byte[] seen = FacePass.frames(List.of(subject), network, ImmutableList.of(View.WHOLE));
      double whole = FacePass.run(network, seen, 1)[0][best];
      for (int row = 0; row < squares; row++) {
        byte[] covered = new byte[squares * seen.length];
        for (int column = 0; column < squares; column++) {
          System.arraycopy(seen, 0, covered, column * seen.length, seen.length);
          cover(covered, column * seen.length, input, squares, row, column);
        }
        double[][] answers = FacePass.run(network, covered, squares);
        for (int column = 0; column < squares; column++) {
          drops[row][column] += network.share() * (whole - answers[column][best]);
        }
      }
    }
    OpenNetwork first = networks.get(0);
    byte[] seen = FacePass.frames(List.of(subject), first, ImmutableList.of(View.WHOLE));
    return new HeatMap(
        image(seen, first.preprocessing().height(), first.preprocessing().width()),
        Stream.of(drops)
            .map(a -> ImmutableList.copyOf(Doubles.asList(a)))
            .collect(ImmutableList.toImmutableList()));
  }

  private static void cover(
      byte[] pixels, int from, Preprocessing input, int squares, int row, int column) {
    int width = input.width();
    for (int y = row * input.height() / squares; y < (row + 1) * input.height() / squares; y++) {
      int left = column * width / squares;
      int right = (column + 1) * width / squares;
      Arrays.fill(
          pixels, from + 3 * (y * width + left), from + 3 * (y * width + right), (byte) 127);
    }
  }

  private static BufferedImage image(byte[] rgb, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int pixel =
          ((rgb[3 * i] & 255) << 16) | ((rgb[3 * i + 1] & 255) << 8) | (rgb[3 * i + 2] & 255);
      image.setRGB(i % width, i / width, pixel);
    }
    return image;
  }
}
