package io.github.facemask.cli;

import com.google.common.html.HtmlEscapers;
import com.google.common.primitives.Doubles;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.search.Search.Entry;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Range;
import io.github.facemask.search.Search.Result;
import io.github.facemask.training.Training.Monitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The results of a search, as tables and a picture of parallel coordinates. */
final class SearchPage {

  private static final int LEFT = 70;
  private static final int TOP = 64;
  private static final int AXIS = 300;
  private static final int STEP = 150;
  private static final int TICKS = 5;
  private static final int LONGEST = 18;

  // Okabe and Ito's colours, which people with colour blindness can tell apart.
  private static final String BEST = "#D55E00";
  private static final String LAST_RUNG = "#0072B2";
  private static final String STOPPED = "#56B4E9";

  private final Plan plan;
  private final Result result;
  private final Monitor monitor;
  private final List<String> options;

  SearchPage(Plan plan, Result result, Monitor monitor) {
    this.plan = plan;
    this.result = result;
    this.monitor = monitor;
    this.options = List.copyOf(plan.space().keySet());
  }

  private String scoreName() {
    return switch (monitor) {
      case MACRO_F1 -> "macro F1";
      case ACCURACY -> "accuracy";
      case VALIDATION_LOSS -> "validation loss";
    };
  }

  /** Returns the score as people know it. */
  private double score(Entry entry) {
    double score = entry.score().orElse(Double.NaN);
    return monitor == Monitor.VALIDATION_LOSS ? -score : score;
  }

  private boolean halves() {
    return plan.halving().isPresent();
  }

  private String state(Entry entry) {
    if (entry.failed()) {
      return "failed: " + entry.failure();
    }
    return entry.rung() == result.rungs() ? "finished" : "stopped after rung " + entry.rung();
  }

  private List<String> head() {
    List<String> head = new ArrayList<>(List.of("trial"));
    head.addAll(options);
    head.add(scoreName());
    if (halves()) {
      head.addAll(List.of("rung", "epochs"));
    }
    head.addAll(List.of("state", "run"));
    return head;
  }

  private List<String> row(Entry entry) {
    List<String> row = new ArrayList<>(List.of(Integer.toString(entry.trial().number())));
    options.forEach(option -> row.add(entry.trial().values().get(option)));
    row.add(entry.failed() ? "" : format("%.4f", score(entry)));
    if (halves()) {
      row.add(Integer.toString(entry.rung()));
      row.add(Integer.toString(entry.epochs().orElse(0)));
    }
    row.addAll(List.of(state(entry), entry.run()));
    return row;
  }

  /** Returns the trials as CSV, the best first. */
  String csv() throws IOException {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer =
        new CSVPrinter(text, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get())) {
      printer.printRecord(head());
      for (Entry entry : result.ranking()) {
        printer.printRecord(row(entry));
      }
    }
    return text.toString();
  }

  /** Returns the trials as a table of Markdown, the best first. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append("| ").append(String.join(" | ", head())).append(" |\n");
    text.append("|---".repeat(head().size())).append("|\n");
    for (Entry entry : result.ranking()) {
      text.append("| ");
      text.append(
          row(entry).stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ")));
      text.append(" |\n");
    }
    return text.toString();
  }

  String markdown() {
    StringBuilder text = new StringBuilder("# Search\n\n");
    text.append(
        format(
            "%d trials by their best %s on the validation photos, the best first.%n",
            result.ranking().size(), scoreName()));
    if (halves()) {
      text.append(
          "Each rung trains its trials from the start with the epochs of the rung. Scores of"
              + " different rungs are not comparable.\n");
    }
    text.append(
        "The best of many scores on one validation set is too good by chance. Judge these options on"
            + " other people before you report a score.\n\n");
    text.append(table()).append("\n![trials](search.svg)\n");
    result
        .best()
        .ifPresent(
            best ->
                text.append("\nThe best trial again:\n\n```sh\n")
                    .append(command(best))
                    .append("\n```\n"));
    return text.toString();
  }

  /** Returns the command that trains a trial again. */
  String command(Entry entry) {
    return "mask "
        + SearchPlan.words(plan, entry.trial().values(), entry.epochs()).stream()
            .map(CommandWords::quoted)
            .collect(Collectors.joining(" "));
  }

  /** Returns a word for a shell. */

  /** The places of the values of an option, or of the scores. */
  private static final class Axis {
    final String name;
    final boolean log;
    final double low;
    final double high;
    final List<String> words;

    private Axis(String name, boolean log, double low, double high, List<String> words) {
      this.name = name;
      this.log = log;
      this.low = low;
      this.high = high;
      this.words = words;
    }

    static Axis of(String name, List<String> values, boolean log) {
      List<Double> numbers =
          values.stream().map(v -> Doubles.tryParse(v)).filter(n -> n != null).toList();
      List<String> different = values.stream().distinct().toList();
      if (numbers.size() < values.size() || different.size() < 2) {
        return new Axis(name, false, 0, Math.max(1, different.size() - 1), different);
      }
      double low = numbers.stream().mapToDouble(n -> n).min().orElseThrow();
      double high = numbers.stream().mapToDouble(n -> n).max().orElseThrow();
      // Rates are listed as 1e-4, 1e-3, 1e-2.
      return new Axis(name, log || (low > 0 && high / low >= 50), low, high, List.of());
    }

    /** Returns 0 at the bottom to 1 at the top. */
    double place(String value) {
      if (!words.isEmpty()) {
        return words.size() == 1 ? 0.5 : words.indexOf(value) / high;
      }
      return place(Double.parseDouble(value));
    }

    double place(double value) {
      if (!(high > low)) {
        return 0.5;
      }
      return log
          ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
          : (value - low) / (high - low);
    }

    /** Returns the labels with their places. */
    List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      if (!words.isEmpty()) {
        words.forEach(word -> ticks.add(new Tick(word, place(word))));
        return ticks;
      }
      int count = high > low ? TICKS : 1;
      for (int i = 0; i < count; i++) {
        double share = count == 1 ? 0 : i / (count - 1.0);
        double value =
            log
                ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
                : low + share * (high - low);
        ticks.add(new Tick(brief(value), place(value)));
      }
      return ticks;
    }

    private static String brief(double value) {
      String text = String.format(Locale.ROOT, "%.3g", value);
      return text.contains("e") || !text.contains(".") ? text : text.replaceAll("\\.?0+$", "");
    }
  }

  private record Tick(String text, double place) {}

  /** Returns a picture: an axis for each option and for the score, a line for each trial. */
  String svg() {
    List<Entry> shown = result.ranking().stream().filter(e -> !e.failed()).toList();
    List<Axis> axes = new ArrayList<>();
    for (String option : options) {
      boolean log = plan.space().get(option) instanceof Range range && range.log();
      List<String> values =
          plan.space().get(option) instanceof io.github.facemask.search.Search.Values listed
              ? listed.values()
              : shown.stream().map(e -> e.trial().values().get(option)).toList();
      axes.add(Axis.of(option, values, log));
    }
    axes.add(
        Axis.of(scoreName(), shown.stream().map(e -> Double.toString(score(e))).toList(), false));
    int width = 2 * LEFT + STEP * (axes.size() - 1) + 40;
    int height = TOP + AXIS + 70;
    StringBuilder svg =
        new StringBuilder(
            format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                    + " font-family=\"sans-serif\" font-size=\"12\" role=\"img\"><title>Trials by"
                    + " their options and %s</title><rect width=\"100%%\" height=\"100%%\""
                    + " fill=\"#fff\"/>%n",
                width, height, width, scoreName()));
    for (int i = shown.size() - 1; i >= 0; i--) {
      trial(svg, axes, shown.get(i), i == 0 && result.best().isPresent());
    }
    for (int i = 0; i < axes.size(); i++) {
      axis(svg, axes.get(i), x(i), i == axes.size() - 1);
    }
    legend(svg, height - 22, result.ranking().size() - shown.size());
    return svg.append("</svg>\n").toString();
  }

  private static double x(int axis) {
    return LEFT + (double) STEP * axis;
  }

  private static double y(double place) {
    return TOP + AXIS * (1 - place);
  }

  private void trial(StringBuilder svg, List<Axis> axes, Entry entry, boolean best) {
    double[] places = new double[axes.size()];
    Arrays.setAll(
        places,
        i ->
            i < options.size()
                ? axes.get(i).place(entry.trial().values().get(options.get(i)))
                : axes.get(i).words.isEmpty() ? axes.get(i).place(score(entry)) : 0.5);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < places.length; i++) {
      points.append(format("%s%.1f,%.1f", i == 0 ? "" : " ", x(i), y(places[i])));
    }
    boolean last = entry.rung() == result.rungs();
    svg.append(
        format(
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\""
                + " stroke-opacity=\"%s\"><title>trial %d: %.4f, %s</title></polyline>%n",
            points,
            best ? BEST : last ? LAST_RUNG : STOPPED,
            best ? "4" : last ? "2" : "1.5",
            best || last ? "1" : "0.8",
            entry.trial().number(),
            score(entry),
            state(entry)));
  }

  private static void axis(StringBuilder svg, Axis axis, double x, boolean score) {
    svg.append(
        format(
            "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#000\""
                + " stroke-width=\"1.5\"/>%n<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\""
                + " font-size=\"14\"%s>%s</text>%n",
            x,
            TOP,
            x,
            TOP + AXIS,
            x,
            TOP - 26,
            score ? " font-weight=\"bold\"" : "",
            HtmlEscapers.htmlEscaper().escape(axis.name)));
    for (Tick tick : axis.ticks()) {
      // White behind the text keeps it readable on lines.
      svg.append(
          format(
              "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#000\"/><text"
                  + " x=\"%.1f\" y=\"%.1f\" stroke=\"#fff\" stroke-width=\"4\""
                  + " stroke-linejoin=\"round\" paint-order=\"stroke\">%s</text>%n",
              x,
              y(tick.place()),
              x + 5,
              y(tick.place()),
              x + 8,
              // Lines meet at words, so these stand above them.
              y(tick.place()) + (axis.words.isEmpty() ? 4 : -7),
              HtmlEscapers.htmlEscaper().escape(shortened(tick.text()))));
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "\u2026";
  }

  private void legend(StringBuilder svg, int y, int failed) {
    List<List<String>> parts = new ArrayList<>();
    if (result.best().isPresent()) {
      parts.add(List.of(BEST, "best"));
    }
    parts.add(List.of(LAST_RUNG, "finished"));
    if (halves()) {
      parts.add(List.of(STOPPED, "stopped early"));
    }
    int x = LEFT;
    for (List<String> part : parts) {
      svg.append(
          format(
              "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"4\"/>"
                  + "<text x=\"%d\" y=\"%d\">%s</text>%n",
              x, y - 4, x + 24, y - 4, part.get(0), x + 30, y, part.get(1)));
      x += 50 + 8 * part.get(1).length();
    }
    if (failed > 0) {
      svg.append(format("<text x=\"%d\" y=\"%d\">%d failed, not drawn</text>%n", x, y, failed));
    }
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
