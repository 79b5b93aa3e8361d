package org.example;

import io.github.facemask.image.Pixels;
import io.github.facemask.transform.PixelTransform;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A transform that darkens the left of a photo, as far as is drawn. */
public record SideShadow(double probability) implements PixelTransform {

  @Override
  public PixelTransform.Sampled draw(RandomGenerator random, int height, int width) {
    return random.nextDouble() < probability
        ? new Shadow(random.nextInt(width), 0.3 + 0.5 * random.nextDouble())
        : PixelTransform.Sampled.NONE;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "sideShadow", "probability", probability);
  }

  private record Shadow(int until, double light) implements PixelTransform.Sampled {

    @Override
    public Pixels applyTo(Pixels photo) {
      byte[] rgb = photo.array().clone();
      for (int i = 0; i < rgb.length; i++) {
        if (i / 3 % photo.width() < until) {
          rgb[i] = (byte) Math.round(light * (rgb[i] & 255));
        }
      }
      return Pixels.wrap(photo.height(), photo.width(), rgb);
    }
  }
}
