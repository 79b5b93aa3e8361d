package io.github.facemask.internal.batchtransform;

import com.google.common.collect.ImmutableList;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The pixels of a photo that its transforms need on the device.
 *
 * @param pixels the part of the photo that is uploaded
 * @param drawn its transforms, with the box in the coordinates of the part
 */
public record PhotoPart(Pixels pixels, SampledPipeline drawn) {

  /**
   * Cuts out what the transforms need. Where the device cannot do them, or the part is larger than
   * a limit, they are done on the CPU, and the device changes nothing.
   *
   * @param photo the decoded photo, of the size for which the transforms were sampled
   * @param drawn its transforms
   * @param input the network's input
   * @param limit the longest side in pixels of what the device gets; at least the network's input
   * @return the part
   */
  public static PhotoPart of(Pixels photo, SampledPipeline drawn, Preprocessing input, int limit) {
    Box box = drawn.box();
    double radius = input.interpolation() == Interpolation.BILINEAR ? 1 : 2;
    double aside = radius * Math.max(1, box.width() / input.width()) + 1;
    double above = radius * Math.max(1, box.height() / input.height()) + 1;
    int left = (int) Math.max(0, Math.floor(box.left() - aside));
    int top = (int) Math.max(0, Math.floor(box.top() - above));
    int width = (int) Math.min(photo.width(), Math.ceil(box.right() + aside)) - left;
    int height = (int) Math.min(photo.height(), Math.ceil(box.bottom() + above)) - top;
    if (width > limit || height > limit || !ColorSteps.cover(drawn)) {
      return new PhotoPart(
          drawn.applyTo(photo, input),
          new SampledPipeline(Box.whole(input.height(), input.width()), ImmutableList.of()));
    }
    boolean whole = width == photo.width() && height == photo.height();
    return new PhotoPart(
        whole ? photo : photo.crop(top, left, height, width),
        new SampledPipeline(box.moved(-left, -top), drawn.effects()));
  }

  /** The size of a batch of parts, in pixels. */
  public record Size(int height, int width) {

    /** Returns the size that holds each of some parts. */
    public static Size of(List<PhotoPart> parts) {
      return new Size(
          parts.stream().mapToInt(part -> part.pixels().height()).max().orElse(1),
          parts.stream().mapToInt(part -> part.pixels().width()).max().orElse(1));
    }

    /** Returns the bytes of a photo of this size. */
    public int bytes() {
      return height * width * Pixels.CHANNELS;
    }
  }

  /**
   * Writes parts as a batch, each at the upper left of its place. The padding is left as it is.
   *
   * @param parts the parts
   * @param size the size of a place
   * @param target receives uint8 (B, H, W, 3) from index 0
   */
  public static void pack(List<PhotoPart> parts, Size size, ByteBuffer target) {
    for (int i = 0; i < parts.size(); i++) {
      Pixels pixels = parts.get(i).pixels();
      int row = pixels.width() * Pixels.CHANNELS;
      int start = i * size.bytes();
      for (int y = 0; y < pixels.height(); y++) {
        int at = start + y * size.width() * Pixels.CHANNELS;
        target.put(at, pixels.array(), y * row, row);
      }
    }
  }
}
