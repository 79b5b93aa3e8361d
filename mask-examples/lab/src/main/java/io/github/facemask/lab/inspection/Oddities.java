package io.github.facemask.lab.inspection;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds suspicious photos by the limits of {@link Oddity}. */
final class Oddities {

  private static final double DARK = 40;
  private static final double BRIGHT = 225;
  private static final double FLAT = 12;
  private static final int SMALL = 64;

  /**
   * The number of deviations below the median of the log sharpness from which a photo counts as
   * blurred.
   */
  private static final double BLURRED = 3.5;

  /** The smallest deviation of the log sharpness. It prevents flags in uniform data sets. */
  private static final double LEAST_SPREAD = 0.25;

  private Oddities() {}

  static List<SuspiciousPhoto> find(List<PhotoLook> looks) {
    double blurred = blurredBelow(looks);
    Map<Long, Integer> sizes = new HashMap<>();
    looks.forEach(look -> sizes.merge(size(look), 1, Integer::sum));
    int most = sizes.isEmpty() ? 0 : Collections.max(sizes.values());
    List<SuspiciousPhoto> found = new ArrayList<>();
    for (PhotoLook look : looks) {
      Set<Oddity> oddities = EnumSet.noneOf(Oddity.class);
      flag(oddities, Oddity.DARK, look.brightness() < DARK);
      flag(oddities, Oddity.BRIGHT, look.brightness() > BRIGHT);
      flag(oddities, Oddity.FLAT, look.contrast() < FLAT);
      flag(oddities, Oddity.BLURRED, look.sharpness() < blurred);
      flag(oddities, Oddity.SMALL, Math.min(look.height(), look.width()) < SMALL);
      boolean rare = 100 * sizes.get(size(look)) < looks.size();
      flag(oddities, Oddity.ODD_SIZE, rare && 2 * most > looks.size());
      if (!oddities.isEmpty()) {
        found.add(new SuspiciousPhoto(look.photo(), Sets.immutableEnumSet(oddities)));
      }
    }
    return List.copyOf(found);
  }

  private static void flag(Set<Oddity> oddities, Oddity oddity, boolean is) {
    if (is) {
      oddities.add(oddity);
    }
  }

  private static long size(PhotoLook look) {
    return (long) look.height() << 32 | look.width();
  }

  /**
   * Returns the sharpness below which a photo counts as blurred, by the median absolute deviation.
   */
  private static double blurredBelow(List<PhotoLook> looks) {
    double[] logs = looks.stream().mapToDouble(l -> Math.log1p(l.sharpness())).sorted().toArray();
    if (logs.length == 0) {
      return 0;
    }
    double median = logs[logs.length / 2];
    double[] distances = Arrays.stream(logs).map(l -> Math.abs(l - median)).sorted().toArray();
    // 1.4826 times the median absolute deviation is the standard deviation of normal values.
    double spread = Math.max(LEAST_SPREAD, 1.4826 * distances[distances.length / 2]);
    return Math.expm1(median - BLURRED * spread);
  }
}
