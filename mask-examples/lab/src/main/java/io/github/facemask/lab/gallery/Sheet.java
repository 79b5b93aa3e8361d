package io.github.facemask.lab.gallery;

import io.github.facemask.image.Pixels;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Draws a panel as one picture: rows of pictures with captions below. */
final class Sheet {

  private static final int CELL = 200;
  private static final int GAP = 10;
  private static final int LINE = 15;
  private static final int HEAD = 52;
  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  private Sheet() {}

  static byte[] png(Panel panel) throws IOException {
    int rows = panel.pictures().size() / panel.columns();
    int pictureHeight = pictureHeight(panel);
    int rowHeight = pictureHeight + captionHeight(panel) + GAP;
    int width = GAP + panel.columns() * (CELL + GAP);
    List<String> note = note(panel, width - 2 * GAP);
    int head = HEAD + (note.size() - 1) * LINE;
    BufferedImage image =
        new BufferedImage(width, head + rows * rowHeight, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.setColor(Color.BLACK);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
      graphics.drawString(panel.title(), GAP, 22);
      graphics.setFont(PLAIN);
      for (int i = 0; i < note.size(); i++) {
        graphics.drawString(note.get(i), GAP, 40 + i * LINE);
      }
      for (int i = 0; i < panel.pictures().size(); i++) {
        int x = GAP + i % panel.columns() * (CELL + GAP);
        int y = head + i / panel.columns() * rowHeight;
        draw(graphics, panel.pictures().get(i), x, y, pictureHeight);
      }
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static int pictureHeight(Panel panel) {
    return panel.pictures().stream()
        .mapToInt(p -> CELL * p.pixels().height() / p.pixels().width())
        .max()
        .orElseThrow();
  }

  private static List<String> note(Panel panel, int width) {
    Graphics2D graphics = measuring();
    try {
      return wrapped(graphics, List.of(panel.note()), width);
    } finally {
      graphics.dispose();
    }
  }

  /** Graphics that measure the text of captions. */
  private static Graphics2D measuring() {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    graphics.setFont(PLAIN);
    return graphics;
  }

  private static int captionHeight(Panel panel) {
    Graphics2D graphics = measuring();
    try {
      int most =
          panel.pictures().stream()
              .mapToInt(p -> wrapped(graphics, p.caption(), CELL).size())
              .max()
              .orElseThrow();
      return most * LINE + 6;
    } finally {
      graphics.dispose();
    }
  }

  private static void draw(Graphics2D graphics, Picture picture, int x, int y, int pictureHeight) {
    Pixels pixels = picture.pixels();
    int height = CELL * pixels.height() / pixels.width();
    graphics.drawImage(image(pixels), x, y, CELL, height, null);
    int line = y + pictureHeight + LINE;
    for (String text : wrapped(graphics, picture.caption(), CELL)) {
      graphics.drawString(text, x, line);
      line += LINE;
    }
  }

  private static List<String> wrapped(Graphics2D graphics, List<String> caption, int width) {
    List<String> lines = new ArrayList<>();
    for (String text : caption) {
      StringBuilder line = new StringBuilder();
      for (String word : text.split(" ", -1)) {
        String longer = line.isEmpty() ? word : line + " " + word;
        if (graphics.getFontMetrics().stringWidth(longer) > width && !line.isEmpty()) {
          lines.add(line.toString());
          line = new StringBuilder(word);
        } else {
          line = new StringBuilder(longer);
        }
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static BufferedImage image(Pixels pixels) {
    BufferedImage image =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < pixels.height(); y++) {
      for (int x = 0; x < pixels.width(); x++) {
        image.setRGB(x, y, pixels.at(y, x, 0) << 16 | pixels.at(y, x, 1) << 8 | pixels.at(y, x, 2));
      }
    }
    return image;
  }
}
