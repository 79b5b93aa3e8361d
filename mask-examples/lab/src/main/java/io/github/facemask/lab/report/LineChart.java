package io.github.facemask.lab.report;

import com.google.common.html.HtmlEscapers;
import java.util.Locale;

/** Draws a line chart as SVG with the page's colours, in light and dark mode. */
final class LineChart {

  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final int LEFT = 60;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 40;

  private final StringBuilder svg = new StringBuilder();
  private final double lowX;
  private final double highX;
  private final double lowY;
  private final double highY;

  private LineChart(Section.Chart chart) {
    double[] x = range(chart, true);
    double[] y = range(chart, false);
    double stepY = step(y[1] - y[0]);
    lowX = x[0];
    highX = x[1] > x[0] ? x[1] : x[0] + 1;
    lowY = Math.floor(y[0] / stepY) * stepY;
    highY = Math.max(Math.ceil(y[1] / stepY) * stepY, lowY + stepY);
  }

  static String svg(Section.Chart chart) {
    LineChart drawn = new LineChart(chart);
    drawn.svg.append(
        format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, HEIGHT, escape(chart.title())));
    drawn.grid(chart.horizontal());
    for (int i = 0; i < chart.lines().size(); i++) {
      drawn.line(chart.lines().get(i), i + 1);
    }
    return drawn.svg.append("</svg>").toString();
  }

  private void grid(String horizontal) {
    double stepY = step(highY - lowY);
    for (int i = 0; lowY + i * stepY <= highY + stepY * 1e-6; i++) {
      double value = lowY + i * stepY;
      svg.append(
          format(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - RIGHT, y(value), y(value)));
      svg.append(
          format(
              "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 8, y(value) + 4, number(value, stepY)));
    }
    double stepX = Math.max(step(highX - lowX), highX - lowX >= 4 ? 1 : 0);
    double first = Math.ceil(lowX / stepX - 1e-9) * stepX;
    for (int i = 0; first + i * stepX <= highX + stepX * 1e-6; i++) {
      double value = first + i * stepX;
      svg.append(
          format(
              "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
              x(value), HEIGHT - BOTTOM + 17, number(value, stepX)));
    }
    svg.append(
        format(
            "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 5, escape(horizontal)));
  }

  private void line(Section.Line line, int color) {
    StringBuilder points = new StringBuilder();
    String last = "";
    int drawn = 0;
    for (int i = 0; i < line.x().length(); i++) {
      if (Double.isFinite(line.y().get(i)) && Double.isFinite(line.x().get(i))) {
        last = format("%.1f,%.1f", x(line.x().get(i)), y(line.y().get(i)));
        points.append(last).append(' ');
        drawn++;
      }
    }
    if (drawn == 0) {
      return;
    }
    svg.append(
        format("<polyline class=\"line c%d\" points=\"%s\"/>", color, points.toString().strip()));
    int comma = last.indexOf(',');
    svg.append(
        format(
            "<circle class=\"dot c%d\" cx=\"%s\" cy=\"%s\" r=\"3.5\"/>",
            color, last.substring(0, comma), last.substring(comma + 1)));
  }

  private double x(double value) {
    return LEFT + (value - lowX) / (highX - lowX) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - lowY) / (highY - lowY) * (HEIGHT - TOP - BOTTOM);
  }

  private static double[] range(Section.Chart chart, boolean horizontal) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Section.Line line : chart.lines()) {
      for (int i = 0; i < line.x().length(); i++) {
        double value = horizontal ? line.x().get(i) : line.y().get(i);
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    return low <= high ? new double[] {low, high} : new double[] {0, 1};
  }

  /** Returns a step of 1, 2 or 5 times a power of ten that makes about five parts. */
  private static double step(double range) {
    if (!(range > 0)) {
      return 1;
    }
    double rough = range / 5;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double part = rough / power;
    return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
  }

  private static String number(double value, double step) {
    int digits = (int) Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
    String text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return text.equals("-0") ? "0" : text;
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private static String escape(String text) {
    return HtmlEscapers.htmlEscaper().escape(text);
  }
}
