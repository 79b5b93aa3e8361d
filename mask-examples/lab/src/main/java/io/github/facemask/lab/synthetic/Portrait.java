package io.github.facemask.lab.synthetic;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.random.RandomStream;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Optional;

/**
 * A painted photo and its face boxes.
 *
 * @param image the photo, RGB
 * @param face the box of the labelled person
 * @param other the box of a person in the background
 */
record Portrait(BufferedImage image, FaceBox face, Optional<FaceBox> other) {

  static final int WIDTH = 384;
  static final int HEIGHT = 512;

  /**
   * Paints a photo of a person.
   *
   * @param person the person
   * @param state how the mask is worn
   * @param random the random numbers
   * @param crowd the share of photos with a person in the background, 0 to 1
   */
  static Portrait paint(Person person, MaskState state, RandomStream random, double crowd) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      Backdrop.paint(graphics, random);
      Shot shot = Shot.portrait(random, person);
      Optional<FaceBox> other =
          random.nextDouble() < crowd
              ? Optional.of(stranger(graphics, random, shot))
              : Optional.empty();
      FaceBox box = sitter(graphics, person, mask(random, state), shot);
      Camera.expose(image, random);
      return new Portrait(image, box, other);
    } finally {
      graphics.dispose();
    }
  }

  private static FaceBox stranger(Graphics2D graphics, RandomStream random, Shot portrait) {
    Gender gender = Gender.values()[random.nextInt(2)];
    AgeGroup group = AgeGroup.values()[random.nextInt(3)];
    Person person =
        Person.draw(random.nextLong(), "stranger", 0, gender, Population.years(random, group));
    MaskState state = MaskState.values()[random.nextInt(3)];
    Shot shot = Shot.behind(random, person, portrait);
    return sitter(graphics, person, mask(random, state), shot);
  }

  private static Optional<Mask> mask(RandomStream random, MaskState state) {
    return switch (state) {
      case WORN -> Optional.of(Mask.draw(random, MaskFit.PROPER));
      case WORN_WRONGLY ->
          Optional.of(
              Mask.draw(random, random.nextDouble() < 0.6 ? MaskFit.BELOW_NOSE : MaskFit.ON_CHIN));
      case NOT_WORN -> Optional.empty();
    };
  }

  private static FaceBox sitter(
      Graphics2D graphics, Person person, Optional<Mask> mask, Shot shot) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(shot.x(), shot.y());
    graphics.scale(shot.scale(), shot.scale());
    Brush brush = new Brush(graphics);
    HeadPainter head = new HeadPainter(brush, person, shot);
    HairPainter hair = new HairPainter(brush, person);
    AffineTransform upright = graphics.getTransform();
    // The head leans, the shoulders do not.
    lean(graphics, person, shot);
    hair.behind();
    AffineTransform leaning = graphics.getTransform();
    graphics.setTransform(upright);
    head.shoulders();
    graphics.setTransform(leaning);
    head.head();
    graphics.translate(0.17 * shot.yaw(), 0);
    graphics.scale(1 - 0.08 * Math.abs(shot.yaw()), 1);
    new FeaturePainter(brush, person, shot).paint();
    AffineTransform turned = graphics.getTransform();
    MaskPainter over = new MaskPainter(brush, shot);
    graphics.setTransform(leaning);
    mask.ifPresent(over::mask);
    hair.inFront();
    if (shot.glasses()) {
      graphics.setTransform(turned);
      over.glasses(person);
    }
    graphics.setTransform(before);
    return box(leaning.createTransformedShape(new Rectangle2D.Double(-1, -1, 2, 2.36)));
  }

  private static void lean(Graphics2D graphics, Person person, Shot shot) {
    graphics.rotate(shot.roll(), 0, 1.6);
    graphics.scale(person.face().width(), person.face().length());
  }

  private static FaceBox box(Shape shape) {
    Rectangle seen = shape.getBounds().intersection(new Rectangle(0, 0, WIDTH, HEIGHT));
    return new FaceBox(seen.x, seen.y, seen.width, seen.height);
  }
}
