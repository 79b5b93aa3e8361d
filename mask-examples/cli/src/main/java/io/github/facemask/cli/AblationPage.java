package io.github.facemask.cli;

import com.google.common.html.HtmlEscapers;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.F1Difference;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results of an ablation, as a table and a chart. */
final class AblationPage {

  private static final int LABELS = 210;
  private static final int WIDTH = 720;
  private static final int ROW = 30;

  private final AblationPlan plan;
  private final PhotoSet judges;
  private final List<Row> rows = new ArrayList<>();
  private OptionalDouble byPhoto = OptionalDouble.empty();
  private String present = "";

  private record Row(String name, double mean, double low, double high, F1Difference change) {}

  AblationPage(AblationPlan plan, PhotoSet judges) {
    this.plan = plan;
    this.judges = judges;
  }

  void add(String name, List<PredictionTable> seeds, F1Difference change) {
    double low = 1;
    double high = 0;
    double sum = 0;
    for (PredictionTable table : seeds) {
      Evaluation evaluation = Evaluation.builder(table, judges).optResamples(1).build();
      double score = evaluation.macroF1();
      present = evaluation.score().present() + " of " + evaluation.score().of();
      low = Math.min(low, score);
      high = Math.max(high, score);
      sum += score;
    }
    rows.add(new Row(name, sum / seeds.size(), low, high, change));
  }

  void byPhoto(double score) {
    byPhoto = OptionalDouble.of(score);
  }

  String markdown() {
    StringBuilder text = new StringBuilder("# Ablation\n\n");
    text.append(
        format(
            "Macro F1 (%s classes present) on %d photos of %d people that no run was trained on, mean"
                + " over the seeds %s. The change is against the first line, with the 95 %% interval by drawing people anew; an interval"
                + " that holds 0 may be chance.%n%n",
            present, judges.size(), judges.people().size(), plan.seeds()));
    text.append("| switch | macro F1 | seeds | change | 95 % |\n|---|---|---|---|---|\n");
    for (Row row : rows) {
      text.append(
          format(
              "| %s | %.4f | %.4f to %.4f | %+.4f | %+.4f to %+.4f |%n",
              row.name,
              row.mean,
              row.low,
              row.high,
              row.change.difference(),
              row.change.interval().low(),
              row.change.interval().high()));
    }
    if (byPhoto.isPresent()) {
      text.append(
          format(
              "%nSplit by photo instead of by person, '%s' shows %.4f in validation: people are then"
                  + " on both sides.%n",
              rows.get(0).name, byPhoto.getAsDouble()));
    }
    text.append(format("%n![changes](ablation.svg)%n%nThe plan:%n%n```yaml%n%s```%n", plan.text()));
    return text.toString();
  }

  /** Returns a chart of the changes with their intervals. */
  String svg() {
    double reach = 0.01;
    for (Row row : rows) {
      reach = Math.max(reach, Math.abs(row.change.interval().low()));
      reach = Math.max(reach, Math.abs(row.change.interval().high()));
    }
    int height = ROW * rows.size() + 50;
    StringBuilder svg =
        new StringBuilder(
            format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                    + " font-family=\"sans-serif\" font-size=\"13\"><rect width=\"100%%\""
                    + " height=\"100%%\" fill=\"#fff\"/>%n",
                WIDTH, height, WIDTH));
    line(svg, x(0, reach), 10, x(0, reach), height - 34, "#999");
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      int y = 24 + ROW * i;
      svg.append(
          format(
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
              LABELS - 12, y + 4, HtmlEscapers.htmlEscaper().escape(row.name)));
      double low = x(row.change.interval().low(), reach);
      double high = x(row.change.interval().high(), reach);
      line(svg, low, y, high, y, "#2f5fd0");
      svg.append(
          format(
              "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"#2f5fd0\"/>%n",
              x(row.change.difference(), reach), y));
    }
    for (double tick : new double[] {-reach, 0, reach}) {
      svg.append(
          format(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%+.3f</text>%n",
              x(tick, reach), height - 18, tick));
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(double value, double reach) {
    double middle = LABELS + (WIDTH - 40 - LABELS) / 2.0;
    return middle + value / reach * (WIDTH - 40 - LABELS) / 2.0;
  }

  private static void line(
      StringBuilder svg, double x1, double y1, double x2, double y2, String color) {
    svg.append(
        format(
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                + " stroke-width=\"2\"/>%n",
            x1, y1, x2, y2, color));
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
