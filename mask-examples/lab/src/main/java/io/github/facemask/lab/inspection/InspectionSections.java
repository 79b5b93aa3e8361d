package io.github.facemask.lab.inspection;

import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.lab.report.PhotoCard;
import io.github.facemask.lab.report.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Sections of a report about the appearance of photos. */
public final class InspectionSections {

  private static final int BINS = 16;

  private InspectionSections() {}

  /**
   * Returns all sections: sizes, channels, brightness and sharpness, unreadable, damaged and
   * suspicious photos, and near-duplicates of different people.
   *
   * @param inspection the inspection
   * @param most the largest number of photos or pairs in each section, 1 or more
   */
  public static List<Section> of(PhotoInspection inspection, int most) {
    List<Section> sections = new ArrayList<>();
    sections.add(sizes(inspection));
    sections.add(channels(inspection));
    sections.add(
        histogram("Brightness", "Photos by their mean grey value", inspection.brightness(), 255));
    sections.add(
        histogram(
            "Contrast",
            "Photos by the standard deviation of their grey values",
            inspection.contrast(),
            128));
    double sharpest = inspection.sharpness().stream().max().orElse(0);
    sections.add(
        histogram(
            "Sharpness",
            "Photos by the variance of their Laplacian at a width of 192 pixels",
            inspection.sharpness(),
            Math.max(1, sharpest)));
    sections.add(unreadable(inspection, most));
    sections.add(damaged(inspection, most));
    sections.add(suspicious(inspection, most));
    sections.add(nearDuplicates(inspection, most));
    return sections;
  }

  private static Section sizes(PhotoInspection inspection) {
    List<List<String>> rows =
        inspection.sizes().entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
            .limit(20)
            .map(e -> List.of(e.getKey(), String.valueOf(e.getValue())))
            .toList();
    return new Section.Table(
        "Photo sizes: " + inspection.sizes().size(), List.of("width x height", "photos"), rows);
  }

  private static Section channels(PhotoInspection inspection) {
    List<List<String>> rows = new ArrayList<>();
    List<String> names = List.of("red", "green", "blue");
    for (int c = 0; c < names.size(); c++) {
      rows.add(
          List.of(
              names.get(c),
              String.format(Locale.ROOT, "%.4f", inspection.channels().mean().get(c)),
              String.format(Locale.ROOT, "%.4f", inspection.channels().deviation().get(c))));
    }
    return new Section.Table(
        "Channels over " + inspection.readable() + " photos",
        List.of("", "mean", "standard deviation"),
        rows);
  }

  private static Section histogram(
      String title, String note, ImmutableDoubleArray values, double greatest) {
    int[] counts = new int[BINS];
    values.forEach(v -> counts[(int) Math.min(BINS - 1, Math.max(0, v * BINS / greatest))]++);
    List<Section.Bar> bars = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      String label =
          String.format(
              Locale.ROOT, "%.0f\u2013%.0f", bin * greatest / BINS, (bin + 1) * greatest / BINS);
      bars.add(Section.Bar.of(label, counts[bin], String.valueOf(counts[bin])));
    }
    return new Section.Bars(title, note, bars);
  }

  private static Section unreadable(PhotoInspection inspection, int most) {
    List<List<String>> rows =
        inspection.unreadable().stream()
            .limit(most)
            .map(u -> List.of(u.photo().photo().id(), u.reason()))
            .toList();
    return new Section.Table(
        "Unreadable photos: " + inspection.unreadable().size(), List.of("photo", "reason"), rows);
  }

  private static Section damaged(PhotoInspection inspection, int most) {
    List<PhotoCard> cards =
        inspection.damaged().stream()
            .limit(most)
            .map(
                d ->
                    PhotoCard.of(
                        d.photo().photo().file(),
                        PhotoCard.Tone.PLAIN,
                        d.reason(),
                        d.photo().photo().id()))
            .toList();
    return new Section.Photos(
        "Photos with damaged data, in parts grey or wrong: " + inspection.damaged().size(), cards);
  }

  private static Section suspicious(PhotoInspection inspection, int most) {
    List<PhotoCard> cards =
        inspection.suspicious().stream()
            .limit(most)
            .map(
                s ->
                    PhotoCard.of(
                        s.photo().photo().file(),
                        PhotoCard.Tone.PLAIN,
                        s.oddities().stream().map(Oddity::words).collect(Collectors.joining(", ")),
                        s.photo().photo().id()))
            .toList();
    return new Section.Photos("Suspicious photos: " + inspection.suspicious().size(), cards);
  }

  private static Section nearDuplicates(PhotoInspection inspection, int most) {
    List<PhotoCard> cards = new ArrayList<>();
    int pair = 1;
    for (NearDuplicate twins : inspection.nearDuplicates()) {
      if (pair > most) {
        break;
      }
      String caption =
          String.format(Locale.ROOT, "pair %d, %d bits differ", pair++, twins.distance());
      for (var photo : List.of(twins.first(), twins.second())) {
        cards.add(
            PhotoCard.of(photo.photo().file(), PhotoCard.Tone.PLAIN, caption, photo.photo().id()));
      }
    }
    return new Section.Photos(
        "Similar photos of two people: " + pairs(inspection.nearDuplicates().size()), cards);
  }

  private static String pairs(int count) {
    return count == 1 ? "1 pair" : count + " pairs";
  }

  /** Returns minimum, maximum and some quantiles by name. */
  static Map<String, Object> quantiles(ImmutableDoubleArray sorted) {
    Map<String, Object> quantiles = new LinkedHashMap<>();
    if (!sorted.isEmpty()) {
      for (int percent : new int[] {0, 1, 5, 25, 50, 75, 95, 99, 100}) {
        int at = (int) Math.round(percent / 100.0 * (sorted.length() - 1));
        quantiles.put(percent + "%", sorted.get(at));
      }
    }
    return quantiles;
  }
}
