package io.github.facemask.framing;

import io.github.facemask.classifier.PhotoFramer;
import io.github.facemask.classifier.View;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import io.github.facemask.transform.EvaluationFraming;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Frames photos as evaluation does: the main face for networks of faces, found by the embedded
 * cascades, else the whole photo. Safe for several threads.
 */
public final class EvaluationFramer implements PhotoFramer {

  private final PhotoDecoder decoder = PhotoDecoder.create();

  @Override
  public Decoded decode(byte[] file, String name) throws IOException {
    return new Photo(decoder.decode(file, name));
  }

  @Override
  public Decoded wrap(byte[] rgb, int height, int width) {
    return new Photo(Pixels.wrap(height, width, rgb));
  }

  /** The detectors are loaded when the first network of faces asks. */
  private static final class Faces {
    private static final FaceCrop CROP = FaceCrop.cascade();
  }

  /** A photo, and its face once it is looked for. */
  private static final class Photo implements Decoded {
    private final Pixels pixels;
    private Pixels face;

    Photo(Pixels pixels) {
      this.pixels = pixels;
    }

    @Override
    public void frame(Preprocessing preprocessing, View view, ByteBuffer into) {
      Pixels subject = preprocessing.subject() == Subject.FACE ? face() : pixels;
      Box whole = EvaluationFraming.frame(subject.height(), subject.width(), preprocessing);
      double width = view.zoom() * (whole.right() - whole.left());
      double height = view.zoom() * (whole.bottom() - whole.top());
      double left = whole.left() + view.x() * (whole.right() - whole.left() - width);
      double top = whole.top() + view.y() * (whole.bottom() - whole.top() - height);
      Pixels seen =
          Resampler.resize(
              subject,
              new Box(left, top, left + width, top + height),
              preprocessing.height(),
              preprocessing.width(),
              preprocessing.interpolation());
      byte[] rgb = seen.array();
      into.put(view.mirrored() ? mirrored(rgb, seen.height(), seen.width()) : rgb);
    }

    private synchronized Pixels face() {
      if (face == null) {
        face = pixels.crop(Faces.CROP.decide("photo", "", pixels).crop());
      }
      return face;
    }

    private static byte[] mirrored(byte[] rgb, int height, int width) {
      byte[] result = new byte[rgb.length];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          System.arraycopy(rgb, 3 * (y * width + x), result, 3 * (y * width + width - 1 - x), 3);
        }
      }
      return result;
    }
  }
}
