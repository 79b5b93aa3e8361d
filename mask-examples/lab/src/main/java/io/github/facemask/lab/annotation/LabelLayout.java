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
      FaceMark mark, int height, int width, int border, List<Rectangle> taken) {
    int usual = Math.max(SMALLEST, Math.min(40, Math.min(height, width) / 26));
    for (int size = usual; size >= SMALLEST; size--) {
      Font font = new Font(Font.SANS_SERIF, Font.BOLD, size);
      Optional<List<String>> lines = lines(mark.label(), font, width - 2 * margin(font));
      if (lines.isPresent() && lineHeight(font) * lines.get().size() <= height) {
        return Optional.of(placed(lines.get(), font, mark.box(), height, width, border, taken));
      }
    }
    Font font = new Font(Font.SANS_SERIF, Font.BOLD, SMALLEST);
    String cut = cut(mark.label(), font, width - 2 * margin(font));
    return cut.isEmpty() || lineHeight(font) > height
        ? Optional.empty()
        : Optional.of(placed(List.of(cut), font, mark.box(), height, width, border, taken));
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

  private static LabelLayout placed(
      List<String> lines,
      Font font,
      Optional<Box> box,
      int height,
      int width,
      int border,
      List<Rectangle> taken) {
    int wide =
        lines.stream().mapToInt(line -> width(line, font)).max().orElseThrow() + 2 * margin(font);
    int high = lineHeight(font) * lines.size();
    double boxLeft = box.map(Box::left).orElse(0.0);
    double boxRight = box.map(Box::right).orElse((double) width);
    double boxTop = box.map(Box::top).orElse(0.0);
    double boxBottom = box.map(Box::bottom).orElse(0.0);
    int left = (int) Math.max(0, Math.min(width - wide, Math.rint(boxLeft - border)));
    int right = (int) Math.max(0, Math.min(width - wide, Math.rint(boxRight + border - wide)));
    int above = (int) Math.rint(boxTop) - border - high;
    int below = (int) Math.rint(boxBottom) + border;
    int inside = (int) Math.rint(boxTop) + border;
    Rectangle first = null;
    for (int top : new int[] {above, below, inside}) {
      for (int x : new int[] {left, right}) {
        Rectangle area = new Rectangle(x, top, wide, high);
        if (top < 0 || top + high > height) {
          continue;
        }
        first = first == null ? area : first;
        if (taken.stream().noneMatch(area::intersects)) {
          return new LabelLayout(lines, font, area);
        }
      }
    }
    int top = Math.max(0, Math.min(height - high, inside));
    return new LabelLayout(
        lines, font, first == null ? new Rectangle(left, top, wide, high) : first);
  }
}
