package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.image.Pixels;
import io.github.facemask.random.RandomStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Blends a photo with several versions of itself, each changed by a chain of random operations
 * (Hendrycks et al., "AugMix", 2020; operations, ranges and arithmetic are torchvision's).
 */
public final class AugMix implements PixelTransform {

  private static final int STRONGEST = 10;
  private static final int MOST = 10;
  private static final int DEEPEST_RANDOM = 3;

  private static final ImmutableList<AugmentOperation> BASE =
      ImmutableList.of(
          AugmentOperation.SHEAR_X,
          AugmentOperation.SHEAR_Y,
          AugmentOperation.TRANSLATE_X,
          AugmentOperation.TRANSLATE_Y,
          AugmentOperation.ROTATE,
          AugmentOperation.POSTERIZE,
          AugmentOperation.SOLARIZE,
          AugmentOperation.AUTO_CONTRAST,
          AugmentOperation.EQUALIZE);

  static final ImmutableList<AugmentOperation> ALL =
      ImmutableList.<AugmentOperation>builder()
          .addAll(BASE)
          .add(
              AugmentOperation.BRIGHTNESS,
              AugmentOperation.COLOR,
              AugmentOperation.CONTRAST,
              AugmentOperation.SHARPNESS)
          .build();

  private final int severity;
  private final int width;
  private final int depth;
  private final double alpha;
  private final boolean allOperations;

  private AugMix(int severity, int width, int depth, double alpha, boolean allOperations) {
    check(severity >= 1 && severity <= STRONGEST, "severity", severity, "1 to 10");
    check(width >= 1 && width <= MOST, "mixtureWidth", width, "1 to 10");
    check(
        depth == -1 || (depth >= 1 && depth <= MOST),
        "chainDepth",
        depth,
        "1 to 10, or -1 for a random depth of 1 to 3");
    check(alpha > 0 && Double.isFinite(alpha), "alpha", alpha, "a number above 0");
    this.severity = severity;
    this.width = width;
    this.depth = depth;
    this.alpha = alpha;
    this.allOperations = allOperations;
  }

  /**
   * Makes the transform with torchvision's defaults: three chains of one to three operations, drawn
   * from all, and uniform shares.
   *
   * @param severity the strongest operations, 1 to 10; 3 is usual
   * @return the transform
   */
  public static AugMix severity(int severity) {
    return new AugMix(severity, 3, -1, 1, true);
  }

  /**
   * Returns the same transform with other chains.
   *
   * @param mixtureWidth the number of chains, 1 to 10
   * @param chainDepth the operations of each, 1 to 10, or -1 for a random number of 1 to 3
   * @return the changed transform
   */
  @CheckReturnValue
  public AugMix withChains(int mixtureWidth, int chainDepth) {
    return new AugMix(severity, mixtureWidth, chainDepth, alpha, allOperations);
  }

  /**
   * Returns the same transform with other shares.
   *
   * @param concentration the shares of the chains, and that of the photo itself, are drawn from
   *     Dirichlet distributions with this parameter; above 0, 1 is uniform
   * @return the changed transform
   */
  @CheckReturnValue
  public AugMix withAlpha(double concentration) {
    return new AugMix(severity, width, depth, concentration, allOperations);
  }

  /**
   * Returns the same transform without brightness, colour, contrast and sharpness, which the
   * authors leave out because their test photos are changed by these.
   *
   * @return the changed transform
   */
  @CheckReturnValue
  public AugMix withoutColors() {
    return new AugMix(severity, width, depth, alpha, false);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int photoWidth) {
    double[] parts = dirichlet(random, 2);
    double[] shares = dirichlet(random, width);
    ImmutableList.Builder<Chain> chains = ImmutableList.builder();
    for (int i = 0; i < width; i++) {
      int steps = depth > 0 ? depth : 1 + random.nextInt(DEEPEST_RANDOM);
      ImmutableList.Builder<Sampled> operations = ImmutableList.builder();
      for (int step = 0; step < steps; step++) {
        operations.add(operation(random, height, photoWidth));
      }
      chains.add(new Chain((float) shares[i] * (float) parts[1], operations.build()));
    }
    return new Drawn((float) parts[0], chains.build());
  }

  private Sampled operation(RandomGenerator random, int height, int photoWidth) {
    List<AugmentOperation> choices = allOperations ? ALL : BASE;
    AugmentOperation operation = choices.get(random.nextInt(choices.size()));
    int bin = random.nextInt(severity);
    return operation.effect(
        operation.magnitude(
            bin, STRONGEST, random.nextBoolean(), reach(operation, height, photoWidth)));
  }

  static AugmentOperation.Reach reach(AugmentOperation operation, int height, int width) {
    double side = operation == AugmentOperation.TRANSLATE_Y ? height : width;
    return new AugmentOperation.Reach(0.3, side / 3, 30, 0.9, 4, 4);
  }

  /** Draws shares that add to 1. */
  private double[] dirichlet(RandomGenerator random, int count) {
    double[] shares = new double[count];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      shares[i] = RandomStream.logGamma(random, alpha);
      largest = Math.max(largest, shares[i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      shares[i] = Math.exp(shares[i] - largest);
      sum += shares[i];
    }
    for (int i = 0; i < count; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  /**
   * A changed version of the photo.
   *
   * @param share its share of the result
   * @param operations what changes it, in order
   */
  public record Chain(float share, ImmutableList<Sampled> operations) {}

  /**
   * The drawn change.
   *
   * @param share the share of the unchanged photo
   * @param chains the changed versions
   */
  public record Drawn(float share, ImmutableList<Chain> chains) implements Sampled {

    @Override
    public Pixels applyTo(Pixels photo) {
      // The versions are blended at once, so that no sum of floats is kept for each pixel.
      byte[][] versions = new byte[chains.size()][];
      float[] shares = new float[chains.size()];
      for (int i = 0; i < versions.length; i++) {
        Pixels version = photo;
        for (Sampled operation : chains.get(i).operations()) {
          version = operation.applyTo(version);
        }
        versions[i] = version.array();
        shares[i] = chains.get(i).share();
      }
      byte[] own = photo.array();
      byte[] result = new byte[own.length];
      for (int at = 0; at < result.length; at++) {
        float sum = share * (own[at] & 0xff);
        for (int i = 0; i < versions.length; i++) {
          sum += shares[i] * (versions[i][at] & 0xff);
        }
        result[at] = (byte) Colors.cut(sum);
      }
      return Pixels.wrap(photo.height(), photo.width(), result);
    }

    @Override
    public String words() {
      return chains.stream()
          .map(
              chain ->
                  String.format(
                      Locale.ROOT,
                      "%.2f %s",
                      chain.share(),
                      chain.operations().stream()
                          .map(Sampled::words)
                          .collect(Collectors.joining(", "))))
          .collect(
              Collectors.joining("; ", String.format(Locale.ROOT, "%.2f unchanged; ", share), ""));
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "augMix",
        "severity",
        severity,
        "mixtureWidth",
        width,
        "chainDepth",
        depth,
        "alpha",
        alpha,
        "allOperations",
        allOperations);
  }
}
