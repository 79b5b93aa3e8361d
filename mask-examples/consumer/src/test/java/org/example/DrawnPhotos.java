package org.example;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Discs in the colour of their class, one photo of each of several people. */
final class DrawnPhotos {

  private static final int CLASSES = 18;
  private static final int PEOPLE_A_CLASS = 6;
  private static final int SIDE = 64;

  private DrawnPhotos() {}

  /** Writes a folder for each class and in it one for each person. */
  static Path write(Path folder) throws IOException {
    for (int id = 0; id < CLASSES; id++) {
      for (int person = 0; person < PEOPLE_A_CLASS; person++) {
        Path own = folder.resolve(Integer.toString(id)).resolve("person-" + id + "-" + person);
        Files.createDirectories(own);
        ImageIO.write(draw(id, person), "png", own.resolve("photo.png").toFile());
      }
    }
    return folder;
  }

  private static BufferedImage draw(int id, int person) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D to = image.createGraphics();
    to.setColor(Color.getHSBColor((float) id / CLASSES, 0.8f, 0.9f));
    to.fillOval(2 * person, person, 40, 50);
    to.dispose();
    return image;
  }
}
