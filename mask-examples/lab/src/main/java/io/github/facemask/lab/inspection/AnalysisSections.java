package io.github.facemask.lab.inspection;

import io.github.facemask.lab.report.ClassName;
import io.github.facemask.lab.report.Section;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sections about the content of a data set. */
public final class AnalysisSections {

  private AnalysisSections() {}

  /**
   * Returns size, classes, attribute combinations and ages of a data set.
   *
   * @param analysis the counts
   */
  public static List<Section> of(DatasetAnalysis analysis) {
    List<Section.Bar> classes = new ArrayList<>();
    boolean complete = Attribute.values().length == known(analysis);
    for (FaceLabel label : FaceLabel.values()) {
      int count = analysis.labelCounts().get(label.id());
      int people = analysis.labelPeople().get(label.id());
      if (count > 0 || (complete && label.complete())) {
        String text = count + " of " + people + " people";
        String number = label.complete() ? label.id() + "  " : "";
        classes.add(Section.Bar.of(number + ClassName.brief(label), count, text));
      }
    }
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section.Numbers(
            "Data set",
            List.of(
                figure("Photos", analysis.photos(), ""),
                figure("People", analysis.people(), ""),
                new Section.Figure(
                    "Imbalance",
                    String.format(Locale.ROOT, "%.1f : 1", analysis.imbalance()),
                    "largest to smallest class"),
                figure("Mixed people", analysis.mixedPeople(), "of two genders or age groups"))));
    sections.add(new Section.Bars("Classes", "Photos and people of each class", classes));
    sections.add(attributes(analysis));
    if (analysis.classCounts().stream().anyMatch(count -> count > 0)) {
      sections.add(crossings(analysis));
    }
    if (!analysis.peopleOfAge().isEmpty()) {
      sections.add(histogram("Ages", "People of each age in years", analysis.peopleOfAge()));
    }
    sections.add(
        histogram(
            "Photos a person", "People by how many photos they have", analysis.photosPerPerson()));
    sections.add(new Section.Facts("Digest", Map.of("Labels", analysis.digest().hex())));
    return sections;
  }

  /** The number of attributes that are known of some photo. */
  private static int known(DatasetAnalysis analysis) {
    int known = 0;
    for (Attribute attribute : Attribute.values()) {
      known += analysis.unknown(attribute) < analysis.photos() ? 1 : 0;
    }
    return known;
  }

  private static Section attributes(DatasetAnalysis analysis) {
    List<List<String>> rows = new ArrayList<>();
    for (Enum<?> value : DatasetAnalysis.values()) {
      rows.add(
          List.of(
              ClassName.words(value),
              String.valueOf(analysis.count(value)),
              String.valueOf(analysis.peopleOf().get(value))));
    }
    for (Attribute attribute : Attribute.values()) {
      if (analysis.unknown(attribute) > 0) {
        rows.add(
            List.of(
                attribute.word() + " unknown", String.valueOf(analysis.unknown(attribute)), ""));
      }
    }
    return new Section.Table("Attributes", List.of("", "photos", "people"), rows);
  }

  private static Section crossings(DatasetAnalysis analysis) {
    List<String> columns = new ArrayList<>(List.of("photos"));
    for (MaskState mask : MaskState.values()) {
      columns.add(ClassName.words(mask));
    }
    columns.addAll(List.of("all", "people"));
    List<List<String>> rows = new ArrayList<>();
    for (Gender gender : Gender.values()) {
      for (AgeGroup age : AgeGroup.values()) {
        List<String> row =
            new ArrayList<>(List.of(ClassName.words(gender) + ", " + ClassName.words(age)));
        int people = 0;
        for (MaskState mask : MaskState.values()) {
          int id = new FaceClass(mask, gender, age).id();
          row.add(String.valueOf(analysis.classCounts().get(id)));
          people = Math.max(people, analysis.classPeople().get(id));
        }
        row.add(String.valueOf(analysis.count(gender, age)));
        row.add(String.valueOf(people));
        rows.add(row);
      }
    }
    return new Section.Table("Attributes, crossed", columns, rows);
  }

  private static Section histogram(String title, String note, Map<Integer, Integer> counts) {
    List<Section.Bar> bars = new ArrayList<>();
    counts.forEach(
        (value, count) ->
            bars.add(Section.Bar.of(String.valueOf(value), count, String.valueOf(count))));
    return new Section.Bars(title, note, bars);
  }

  private static Section.Figure figure(String label, int value, String note) {
    return new Section.Figure(label, String.valueOf(value), note);
  }
}
