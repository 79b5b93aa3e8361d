package io.github.facemask.lab.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.evaluation.ConfusionMatrix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A section of a report with a title. */
public sealed interface Section {

  /** Returns the title. */
  String title();

  /**
   * Text.
   *
   * @param title the title
   * @param paragraphs plain text, a paragraph each
   */
  record Text(String title, List<String> paragraphs) implements Section {
    /** Copies the list. */
    public Text {
      paragraphs = List.copyOf(paragraphs);
    }
  }

  /**
   * Large numbers side by side.
   *
   * @param title the title
   * @param numbers the numbers
   */
  record Numbers(String title, List<Figure> numbers) implements Section {
    /** Copies the list. */
    public Numbers {
      numbers = List.copyOf(numbers);
    }
  }

  /**
   * A large number.
   *
   * @param label what it is
   * @param value the number as text
   * @param note an explanation; may be empty
   */
  record Figure(String label, String value, String note) {}

  /**
   * Names and values, for instance parameters or digests.
   *
   * @param title the title
   * @param facts the values by name, in order
   */
  record Facts(String title, Map<String, String> facts) implements Section {
    /** Copies the map. */
    public Facts {
      facts = ImmutableMap.copyOf(facts);
    }
  }

  /**
   * A table. Columns after the first are right-aligned.
   *
   * @param title the title
   * @param columns the names of the columns
   * @param rows the cells, row by row, as many as columns
   */
  record Table(String title, List<String> columns, List<List<String>> rows) implements Section {
    /** Copies the lists and checks the rows. */
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        checkArgument(
            row.size() == columns.size(),
            "a row of '%s' has %s cells, expected %s",
            title,
            row.size(),
            columns.size());
      }
    }
  }

  /**
   * Line charts side by side.
   *
   * @param title the title
   * @param charts the charts
   */
  record Charts(String title, List<Chart> charts) implements Section {
    /** Copies the list. */
    public Charts {
      charts = List.copyOf(charts);
    }
  }

  /**
   * A line chart.
   *
   * @param title the title of the chart
   * @param horizontal the label of the horizontal axis
   * @param lines the lines, at most six
   */
  record Chart(String title, String horizontal, List<Line> lines) {
    /** Copies the list. */
    public Chart {
      lines = List.copyOf(lines);
      checkArgument(
          !lines.isEmpty() && lines.size() <= 6,
          "chart '%s' has %s lines, expected 1 to 6",
          title,
          lines.size());
    }

    /** Returns the chart as an SVG picture that follows the page's colours. */
    public String svg() {
      return LineChart.svg(this);
    }
  }

  /**
   * A line of a chart.
   *
   * @param name what it is
   * @param x the horizontal positions of its points
   * @param y their vertical positions; NaN and infinite values are left out
   */
  record Line(String name, ImmutableDoubleArray x, ImmutableDoubleArray y) {
    /** Checks the lengths. */
    public Line {
      checkArgument(
          x.length() == y.length(),
          "line '%s' has %s places and %s values, expected as many",
          name,
          (Object) x.length(),
          y.length());
    }
  }

  /**
   * A confusion matrix as a coloured table.
   *
   * @param title the title
   * @param labels the classes' names, in order
   * @param confusion the counts
   */
  record Matrix(String title, List<String> labels, ConfusionMatrix confusion) implements Section {
    /** Copies the list and checks its length. */
    public Matrix {
      labels = List.copyOf(labels);
      checkArgument(
          labels.size() == confusion.classes(),
          "there are %s labels for %s classes, expected as many",
          labels.size(),
          confusion.classes());
    }
  }

  /**
   * Bars, one below the other.
   *
   * @param title the title
   * @param note what the bars show
   * @param bars the bars
   */
  record Bars(String title, String note, List<Bar> bars) implements Section {
    /** Copies the list. */
    public Bars {
      bars = List.copyOf(bars);
    }

    /** Returns the largest value or mark. */
    public double greatest() {
      return bars.stream().mapToDouble(b -> Math.max(b.value, b.mark.orElse(0.0))).max().orElse(0);
    }
  }

  /**
   * A bar.
   *
   * @param label what it is
   * @param value its length, 0 or more
   * @param text the displayed value
   * @param mark a value to compare with, drawn as a line across
   */
  record Bar(String label, double value, String text, Optional<Double> mark) {
    /** Checks the value. */
    public Bar {
      checkArgument(value >= 0, "the bar '%s' is %s long, expected 0 or more", label, value);
    }

    /** Returns a bar without a mark. */
    public static Bar of(String label, double value, String text) {
      return new Bar(label, value, text, Optional.empty());
    }
  }

  /**
   * Pictures with captions, side by side; on a phone two in a row.
   *
   * @param title the title
   * @param note what the pictures show; may be empty
   * @param pictures the pictures
   */
  record Pictures(String title, String note, List<PhotoCard> pictures) implements Section {
    /** Copies the list. */
    public Pictures {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * Small photos with captions.
   *
   * @param title the title
   * @param photos the photos
   */
  record Photos(String title, List<PhotoCard> photos) implements Section {
    /** Copies the list. */
    public Photos {
      photos = List.copyOf(photos);
    }
  }
}
