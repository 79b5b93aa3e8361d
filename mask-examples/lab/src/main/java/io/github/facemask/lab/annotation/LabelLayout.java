package io.github.facemask.lab.annotation;

import io.github.facemask.image.Box;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.font.FontRenderContext;
import java.awt.font.LineMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a label's lines are drawn: within the photo, beside the box, not over another label if
 * there is room.
 *
 * @param lines the lines
 * @param font the font
 * @param area the place of all lines
 */
record LabelLayout(List<String> lines, Font font, Rectangle area) {

  /** Smaller text cannot be read. */
  private static final int SMALLEST = 7;

  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  /** Returns the layout; empty if not even the smallest text fits. */
  static Optional<LabelLayout> of(
      FaceMark mark,
      int height,
      int width,
      int border,
      List<Rectangle> taken,
      List<Rectangle> faces) {
    int usual = Math.max(SMALLEST, Math.min(40, Math.min(height, width) / 26));
    Optional<LabelLayout> first = Optional.empty();
    for (int size = usual; size >= SMALLEST; size--) {
      Font font = new Font(Font.SANS_SERIF, Font.BOLD, size);
      int most = Math.min(width - 2 * margin(font), widest(mark, font));
      Optional<List<String>> lines = lines(mark.label(), font, most);
      if (lines.isPresent() && lineHeight(font) * lines.get().size() <= height) {
        List<Rectangle> places = places(lines.get(), font, mark.box(), height, width, border);
        // Best over no label and no face; smaller text has more places, down to half the size.
        for (Rectangle place : places) {
          if (taken.stream().noneMatch(place::intersects)
              && faces.stream().noneMatch(place::intersects)) {
            return Optional.of(new LabelLayout(lines.get(), font, place));
          }
        }
        if (first.isEmpty()) {
          first = overNoLabel(lines.get(), font, places, taken);
        }
        if (size <= usual / 2 && first.isPresent()) {
          return first;
        }
      }
    }
    if (first.isPresent()) {
      return first;
    }
    for (int size = usual; size >= SMALLEST; size--) {
      Font font = new Font(Font.SANS_SERIF, Font.BOLD, size);
      Optional<List<String>> lines = lines(mark.label(), font, width - 2 * margin(font));
      if (lines.isPresent() && lineHeight(font) * lines.get().size() <= height) {
        return Optional.of(anywhere(lines.get(), font, mark.box(), height, width, border));
      }
    }
    Font font = new Font(Font.SANS_SERIF, Font.BOLD, SMALLEST);
    String cut = cut(mark.label(), font, width - 2 * margin(font));
    return cut.isEmpty() || lineHeight(font) > height
        ? Optional.empty()
        : Optional.of(anywhere(List.of(cut), font, mark.box(), height, width, border));
  }

  private static Optional<LabelLayout> overNoLabel(
      List<String> lines, Font font, List<Rectangle> places, List<Rectangle> taken) {
    return places.stream()
        .filter(place -> taken.stream().noneMatch(place::intersects))
        .findFirst()
        .map(place -> new LabelLayout(lines, font, place));
  }

  /** The first place, whatever is there, moved into the photo. */
  private static LabelLayout anywhere(
      List<String> lines, Font font, Optional<Box> box, int height, int width, int border) {
    List<Rectangle> places = places(lines, font, box, height, width, border);
    if (!places.isEmpty()) {
      return new LabelLayout(lines, font, places.get(0));
    }
    int wide = wide(lines, font);
    int high = lineHeight(font) * lines.size();
    int left = (int) Math.max(0, Math.min(width - wide, box.map(Box::left).orElse(0.0)));
    int top = (int) Math.max(0, Math.min(height - high, box.map(Box::top).orElse(0.0)));
    return new LabelLayout(lines, font, new Rectangle(left, top, wide, high));
  }

  private static int wide(List<String> lines, Font font) {
    return lines.stream().mapToInt(line -> width(line, font)).max().orElseThrow()
        + 2 * margin(font);
  }

  /** The dark outline around the letters. */
  static int margin(Font font) {
    return 1 + font.getSize() / 6;
  }

  static int lineHeight(Font font) {
    LineMetrics metrics = font.getLineMetrics("Ag", CONTEXT);
    return (int) Math.ceil(metrics.getAscent() + metrics.getDescent()) + 2;
  }

  private static int width(String text, Font font) {
    return (int) Math.ceil(font.getStringBounds(text, CONTEXT).getWidth());
  }

  /**
   * The width from which a label of a box has a further line, so that it stays near its box: one
   * and a half times the box, or the widest part of the label.
   */
  private static int widest(FaceMark mark, Font font) {
    if (mark.box().isEmpty()) {
      return Integer.MAX_VALUE;
    }
    int parts = 0;
    for (String part : mark.label().split("(?<=, )", -1)) {
      parts = Math.max(parts, width(part.strip(), font));
    }
    return Math.max(parts, (int) (1.5 * mark.box().get().width()));
  }

  /** Breaks a label after commas; empty if a part is too wide. */
  private static Optional<List<String>> lines(String label, Font font, int most) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String part : label.split("(?<=, )", -1)) {
      if (width(part.strip(), font) > most) {
        return Optional.empty();
      }
      if (!line.isEmpty() && width((line + part).strip(), font) > most) {
        lines.add(line.strip());
        line = "";
      }
      line += part;
    }
    lines.add(line.strip());
    return Optional.of(lines);
  }

  private static String cut(String label, Font font, int most) {
    for (int length = label.length(); length > 0; length--) {
      String shorter = label.substring(0, length).strip() + (length < label.length() ? "." : "");
      if (width(shorter, font) <= most) {
        return shorter;
      }
    }
    return "";
  }

  /** Returns the places beside and in a box that lie in the photo, the best first. */
  private static List<Rectangle> places(
      List<String> lines, Font font, Optional<Box> box, int height, int width, int border) {
    int wide = wide(lines, font);
    int high = lineHeight(font) * lines.size();
    double boxLeft = box.map(Box::left).orElse(0.0);
    double boxRight = box.map(Box::right).orElse((double) width);
    double boxTop = box.map(Box::top).orElse(0.0);
    double boxBottom = box.map(Box::bottom).orElse(0.0);
    int left = (int) Math.max(0, Math.min(width - wide, Math.rint(boxLeft - border)));
    int right = (int) Math.max(0, Math.min(width - wide, Math.rint(boxRight + border - wide)));
    int inside = (int) Math.rint(boxTop) + border;
    List<Rectangle> places = new ArrayList<>();
    for (int top :
        new int[] {(int) Math.rint(boxTop) - border - high, (int) Math.rint(boxBottom) + border}) {
      places.add(new Rectangle(left, top, wide, high));
      places.add(new Rectangle(right, top, wide, high));
    }
    places.add(new Rectangle((int) Math.rint(boxRight) + border, inside, wide, high));
    places.add(new Rectangle((int) Math.rint(boxLeft) - border - wide, inside, wide, high));
    places.add(new Rectangle(left, inside, wide, high));
    places.add(new Rectangle(right, inside, wide, high));
    places.removeIf(
        place -> place.x < 0 || place.x + wide > width || place.y < 0 || place.y + high > height);
    return places;
  }
}
