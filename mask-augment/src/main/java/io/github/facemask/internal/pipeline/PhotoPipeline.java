package io.github.facemask.internal.pipeline;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.random.RandomStream;
import io.github.facemask.transform.CropTransform;
import io.github.facemask.transform.EvaluationCrop;
import io.github.facemask.transform.PhotoTransform;
import io.github.facemask.transform.PixelTransform;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Turns a decoded photo into network input: one crop transform (by default the evaluation crop),
 * then pixel transforms in the given order. Immutable and thread-safe.
 */
public final class PhotoPipeline {

  private final Preprocessing preprocessing;
  private final CropTransform framing;
  private final ImmutableList<PixelTransform> adjustments;

  private PhotoPipeline(
      Preprocessing preprocessing,
      CropTransform framing,
      ImmutableList<PixelTransform> adjustments) {
    this.preprocessing = preprocessing;
    this.framing = framing;
    this.adjustments = adjustments;
  }

  /**
   * Creates a pipeline.
   *
   * @param preprocessing the network's input
   * @param transforms at most one crop transform, which must come first, and pixel transforms
   * @return the pipeline
   * @throws IllegalArgumentException if a crop transform does not come first
   */
  public static PhotoPipeline of(
      Preprocessing preprocessing, List<? extends PhotoTransform> transforms) {
    CropTransform framing = EvaluationCrop.of();
    ImmutableList.Builder<PixelTransform> adjustments = ImmutableList.builder();
    for (int i = 0; i < transforms.size(); i++) {
      PhotoTransform transform = transforms.get(i);
      if (transform instanceof CropTransform first) {
        checkArgument(
            i == 0,
            "%s is transform number %s, expected at most one framing, before all others",
            first.parameters().get("name"),
            i + 1);
        framing = first;
      } else if (transform instanceof PixelTransform adjustment) {
        adjustments.add(adjustment);
      }
    }
    return new PhotoPipeline(preprocessing, framing, adjustments.build());
  }

  /**
   * Computes the network's input from a photo.
   *
   * @param photo the decoded photo
   * @param random the random numbers; each transform takes its own, in order
   * @return uint8 RGB of the network's input size, not yet normalised
   */
  public Pixels apply(Pixels photo, RandomGenerator random) {
    return draw(random, photo.height(), photo.width()).applyTo(photo, preprocessing);
  }

  /**
   * Returns the random numbers of a photo in training.
   *
   * @param seed the seed of the batches
   * @param epoch the epoch, from 0
   * @param position the photo's place in the order of the epoch, from 0
   */
  public static RandomStream draws(long seed, int epoch, int position) {
    return RandomStream.of(seed, "transform", epoch, position);
  }

  /**
   * Samples the parameters of all transforms for one photo.
   *
   * @param random the random numbers; each transform takes its own, in order
   * @param height the decoded photo's height in pixels
   * @param width its width in pixels
   * @return the transforms with their parameters
   */
  public SampledPipeline draw(RandomGenerator random, int height, int width) {
    Box box = framing.draw(random, height, width, preprocessing);
    ImmutableList.Builder<PixelTransform.Sampled> effects = ImmutableList.builder();
    for (PixelTransform adjustment : adjustments) {
      effects.add(adjustment.draw(random, preprocessing.height(), preprocessing.width()));
    }
    return new SampledPipeline(box, effects.build());
  }

  /**
   * Returns whether each photo gives the same input each time: there is only the evaluation crop.
   */
  public boolean isPlain() {
    return adjustments.isEmpty() && framing.parameters().equals(EvaluationCrop.of().parameters());
  }

  /** Returns the network's input. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Returns the parameters of each transform, in order, for a run's record. */
  public List<Map<String, Object>> parameters() {
    ImmutableList.Builder<Map<String, Object>> all = ImmutableList.builder();
    all.add(framing.parameters());
    adjustments.forEach(adjustment -> all.add(adjustment.parameters()));
    return all.build();
  }
}
