package io.github.facemask.lab.annotation;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Draws boxes and labels on a photo: light colours on a dark outline, seen on any photo. */
public final class FaceDrawing {

  private static final Color DARK = new Color(0x101010);

  private FaceDrawing() {}

  /**
   * Draws marks.
   *
   * @param photo the photo, which is not changed
   * @param marks its faces
   * @return a copy of the same size with a frame for each box, and labels that lie within the
   *     photo; a label that does not fit is made smaller, then cut off, and left out of a tiny
   *     photo
   */
  public static Pixels draw(Pixels photo, List<FaceMark> marks) {
    BufferedImage image = image(photo);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      int line = lineWidth(photo);
      for (FaceMark mark : marks) {
        mark.box().ifPresent(box -> frame(graphics, photo, box, mark.tone(), line));
      }
      List<LabelLayout> layouts = layouts(photo.height(), photo.width(), marks);
      for (int i = 0; i < marks.size(); i++) {
        label(graphics, layouts.get(i), marks.get(i).tone());
      }
    } finally {
      graphics.dispose();
    }
    return pixels(image);
  }

  /** The width of a frame's colour, without its dark outline. */
  static int lineWidth(Pixels photo) {
    return lineWidth(photo.height(), photo.width());
  }

  private static int lineWidth(int height, int width) {
    return Math.max(2, Math.min(height, width) / 160);
  }

  /** Returns the place of each mark's label; {@code null} if it does not fit. */
  static List<LabelLayout> layouts(int height, int width, List<FaceMark> marks) {
    int line = lineWidth(height, width);
    List<LabelLayout> layouts = new ArrayList<>();
    List<Rectangle> taken = new ArrayList<>();
    List<Rectangle> faces =
        marks.stream().flatMap(mark -> mark.box().stream()).map(FaceDrawing::rectangle).toList();
    for (FaceMark mark : marks) {
      Optional<LabelLayout> layout = LabelLayout.of(mark, height, width, 2 * line, taken, faces);
      layout.ifPresent(placed -> taken.add(placed.area()));
      layouts.add(layout.orElse(null));
    }
    return layouts;
  }

  private static Rectangle rectangle(Box box) {
    return new Rectangle((int) box.left(), (int) box.top(), (int) box.width(), (int) box.height());
  }

  private static void frame(
      Graphics2D graphics, Pixels photo, Box box, FaceMark.Tone tone, int line) {
    // Frames that leave the photo are drawn at its edge.
    double left = Math.max(line, Math.min(photo.width() - line, Math.rint(box.left())));
    double top = Math.max(line, Math.min(photo.height() - line, Math.rint(box.top())));
    double right = Math.max(left, Math.min(photo.width() - line, Math.rint(box.right())));
    double bottom = Math.max(top, Math.min(photo.height() - line, Math.rint(box.bottom())));
    Shape frame = new Rectangle2D.Double(left, top, right - left, bottom - top);
    stroke(graphics, frame, DARK, line + 2 * (line + 1) / 2);
    stroke(graphics, frame, new Color(tone.rgb()), line);
  }

  private static void stroke(Graphics2D graphics, Shape shape, Color color, float width) {
    graphics.setColor(color);
    graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  private static void label(Graphics2D graphics, LabelLayout layout, FaceMark.Tone tone) {
    if (layout == null) {
      return;
    }
    Font font = layout.font();
    int margin = LabelLayout.margin(font);
    Shape clip = graphics.getClip();
    graphics.clip(layout.area());
    double baseline = layout.area().y + font.getLineMetrics("Ag", context()).getAscent() + 1;
    for (String line : layout.lines()) {
      Shape letters =
          font.createGlyphVector(context(), line)
              .getOutline((float) (layout.area().x + margin), (float) baseline);
      stroke(graphics, letters, DARK, 2 * margin);
      graphics.setColor(light(tone));
      graphics.fill(letters);
      baseline += LabelLayout.lineHeight(font);
    }
    graphics.setClip(clip);
  }

  private static FontRenderContext context() {
    return new FontRenderContext(new AffineTransform(), true, true);
  }

  /** The colour half way to white, which is light enough on the dark outline. */
  private static Color light(FaceMark.Tone tone) {
    Color color = new Color(tone.rgb());
    return new Color(
        (color.getRed() + 255) / 2, (color.getGreen() + 255) / 2, (color.getBlue() + 255) / 2);
  }

  private static BufferedImage image(Pixels photo) {
    BufferedImage image =
        new BufferedImage(photo.width(), photo.height(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[photo.width()];
    byte[] from = photo.array();
    for (int y = 0, at = 0; y < photo.height(); y++) {
      for (int x = 0; x < row.length; x++, at += Pixels.CHANNELS) {
        row[x] = (from[at] & 0xff) << 16 | (from[at + 1] & 0xff) << 8 | (from[at + 2] & 0xff);
      }
      image.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return image;
  }

  private static Pixels pixels(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] rgb = new byte[height * width * Pixels.CHANNELS];
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int value : row) {
        rgb[at++] = (byte) (value >> 16);
        rgb[at++] = (byte) (value >> 8);
        rgb[at++] = (byte) value;
      }
    }
    return Pixels.wrap(height, width, rgb);
  }
}
