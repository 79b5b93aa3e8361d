package io.github.facemask.lab.inspection;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.lab.report.ClassName;
import io.github.facemask.lab.report.PhotoCard;
import io.github.facemask.lab.report.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What exact copies of photos mean for labels and split: copies with contradicting labels, of which
 * at least one is wrong, and copies on both sides of the split, which make a score too high.
 *
 * @param by what was compared
 * @param groups the copies, in the order of the data set
 */
public record CopyAnalysis(By by, ImmutableList<Group> groups) {

  /** What makes two photos copies of each other. */
  public enum By {
    /** Their files have equal bytes. */
    BYTES("same bytes"),
    /** Their decoded pixels are equal, or the bytes of photos that cannot be decoded. */
    PIXELS("same pixels");

    private final String words;

    By(String words) {
      this.words = words;
    }

    /** Returns the comparison in words. */
    public String words() {
      return words;
    }
  }

  /**
   * The copies of one photo.
   *
   * @param photos two or more photos
   * @param validation for each photo, whether it is on the validation side of the split
   * @param contradicting whether a known attribute of two of them differs
   * @param onBothSides whether they are on both sides of the split
   */
  public record Group(
      ImmutableList<FacePhoto> photos,
      ImmutableList<Boolean> validation,
      boolean contradicting,
      boolean onBothSides) {}

  /**
   * Compares the labels and sides of copies.
   *
   * @param copies the copies
   * @param by how they were found
   * @param split the split of the same photos
   */
  public static CopyAnalysis of(PhotoSet.Copies copies, By by, Split split) {
    Set<List<FacePhoto>> contradicting = new HashSet<>(copies.contradicting());
    Set<List<FacePhoto>> both = new HashSet<>(copies.onBothSidesOf(split));
    Set<String> validation = new HashSet<>();
    split.validation().forEach(photo -> validation.add(photo.photo().id()));
    return new CopyAnalysis(
        by,
        copies.groups().stream()
            .map(
                group ->
                    new Group(
                        group,
                        group.stream()
                            .map(photo -> validation.contains(photo.photo().id()))
                            .collect(ImmutableList.toImmutableList()),
                        contradicting.contains(group),
                        both.contains(group)))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns the number of photos that have a copy, the first of each group included. */
  public int photos() {
    return groups.stream().mapToInt(group -> group.photos().size()).sum();
  }

  /** Returns the number of groups with contradicting labels. */
  public int contradicting() {
    return (int) groups.stream().filter(Group::contradicting).count();
  }

  /** Returns the number of groups on both sides of the split. */
  public int onBothSides() {
    return (int) groups.stream().filter(Group::onBothSides).count();
  }

  /** Returns the counts in one line. */
  public String text() {
    return groups.isEmpty()
        ? "exact copies (" + by.words() + "): none"
        : String.format(
            Locale.ROOT,
            "exact copies (%s): %d photos in %s; %s with contradicting labels, %d on both sides of"
                + " the split",
            by.words(),
            photos(),
            groupCount(groups.size()),
            groupCount(contradicting()),
            onBothSides());
  }

  private static String groupCount(int count) {
    return count == 1 ? "1 group" : count + " groups";
  }

  /** Returns counts and groups as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("comparedBy", by.name());
    json.put("photos", photos());
    json.put("groups", groups.size());
    json.put("contradicting", contradicting());
    json.put("onBothSides", onBothSides());
    json.put("list", groups.stream().map(CopyAnalysis::toJson).toList());
    return json;
  }

  private static Map<String, Object> toJson(Group group) {
    List<Map<String, Object>> photos = new ArrayList<>();
    for (int i = 0; i < group.photos().size(); i++) {
      FacePhoto photo = group.photos().get(i);
      photos.add(
          ImmutableMap.of(
              "photo", photo.photo().id(),
              "person", photo.person(),
              "label", photo.label().id(),
              "side", group.validation().get(i) ? "valid" : "train"));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("photos", photos);
    json.put("contradicting", group.contradicting());
    json.put("onBothSides", group.onBothSides());
    return json;
  }

  /**
   * Returns the counts, and the photos of the groups that need a decision: those with contradicting
   * labels first, then those on both sides of the split.
   *
   * @param most the largest number of photos, 1 or more; a group is shown whole
   */
  public List<Section> sections(int most) {
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section.Numbers(
            "Exact copies",
            List.of(
                figure("Photos", photos(), "that have a copy, by the " + by.words()),
                figure("Groups", groups.size(), "of copies of one photo"),
                figure("Contradicting", contradicting(), "groups with two labels or more"),
                figure("On both sides", onBothSides(), "groups on both sides of the split"))));
    List<PhotoCard> cards = new ArrayList<>();
    List<Group> doubtful =
        groups.stream()
            .filter(group -> group.contradicting() || group.onBothSides())
            .sorted(Comparator.comparing(group -> !group.contradicting()))
            .toList();
    for (int at = 0; at < doubtful.size() && cards.size() < most; at++) {
      Group group = doubtful.get(at);
      for (int i = 0; i < group.photos().size(); i++) {
        FacePhoto photo = group.photos().get(i);
        cards.add(
            PhotoCard.of(
                photo.photo().file(),
                group.contradicting() ? PhotoCard.Tone.BAD : PhotoCard.Tone.PLAIN,
                "copies " + (at + 1),
                ClassName.brief(photo.label()),
                group.validation().get(i) ? "validation" : "training",
                photo.photo().id()));
      }
    }
    if (!cards.isEmpty()) {
      sections.add(
          new Section.Photos(
              "Copies with contradicting labels or on both sides: " + groupCount(doubtful.size()),
              cards));
    }
    return sections;
  }

  private static Section.Figure figure(String label, int value, String note) {
    return new Section.Figure(label, String.valueOf(value), note);
  }
}
