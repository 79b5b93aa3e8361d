package io.github.facemask.lab.report;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.random.RandomStream;
import io.github.facemask.sampling.SamplingBalance;
import io.github.facemask.sampling.SamplingBalance.CapCount;
import io.github.facemask.sampling.SamplingBalance.PersonBalance;
import io.github.facemask.sampling.SamplingBalance.PersonBalance.Count;
import io.github.facemask.sampling.SamplingBalance.SetCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Sections about photos and their sampling. */
public final class DataSections {

  private DataSections() {}

  /**
   * Returns the number of photos of each class as bars, and of each label with unknown attributes.
   *
   * @param title the title
   * @param photos the photos
   */
  public static Section classCounts(String title, PhotoSet photos) {
    int[] counts = photos.labelCounts();
    boolean anyComplete = photos.stream().anyMatch(photo -> photo.label().complete());
    List<Section.Bar> bars = new ArrayList<>();
    for (FaceLabel label : FaceLabel.values()) {
      int count = counts[label.id()];
      if (count > 0 || (anyComplete && label.complete())) {
        bars.add(Section.Bar.of(numbered(label), count, String.valueOf(count)));
      }
    }
    return new Section.Bars(
        title, photos.size() + " photos of " + photos.people().size() + " people", bars);
  }

  /**
   * Returns the counts of a sampler in an epoch beside their expected values.
   *
   * @param balance the counts
   */
  public static Section balance(SamplingBalance balance) {
    List<Section.Bar> bars = new ArrayList<>();
    for (int id = 0; id < balance.available().size(); id++) {
      if (balance.available().size() > FaceClass.COUNT && balance.available().get(id) == 0) {
        continue;
      }
      bars.add(
          new Section.Bar(
              numbered(FaceLabel.ofId(id)),
              balance.drawn().get(id),
              String.format(
                  Locale.ROOT,
                  "%d of %d, %d people",
                  balance.drawn().get(id),
                  balance.available().get(id),
                  balance.people().get(id)),
              Optional.of(balance.expected().get(id))));
    }
    return new Section.Bars(
        "Sampler's balance",
        "Photos shown in one epoch of those there are; the mark is the mean. "
            + balance.distinctPhotos()
            + " different photos of "
            + balance.distinctPeople()
            + " people. Chi-square over the classes: "
            + String.format(Locale.ROOT, "%.1f.", balance.chiSquare())
            + bySet(balance)
            + balance.cap().map(cap -> cap(balance, cap)).orElse(""),
        bars);
  }

  /** Says where the cap on the photos of a person bound. */
  private static String cap(SamplingBalance balance, CapCount cap) {
    List<String> below = new ArrayList<>();
    for (int id = 0; id < cap.aimed().size(); id++) {
      double aim = cap.aimed().get(id);
      double expected = balance.expected().get(id);
      // Less than half a photo in a hundred is rounding.
      if (expected < 0.995 * aim - 1e-6) {
        below.add(
            String.format(
                Locale.ROOT, "%s %.1f of %.1f", numbered(FaceLabel.ofId(id)), expected, aim));
      }
    }
    return String.format(
            Locale.ROOT,
            " No person is shown more than %d times; %d people are shown that often.",
            cap.perPerson(),
            cap.peopleAtCap())
        + (below.isEmpty()
            ? " No class is below its aim."
            : " The cap keeps these below their aim: " + String.join(", ", below) + ".");
  }

  /**
   * Returns the classes that no training photo is known to show, where the answers of a model are
   * extrapolation; empty if there are none.
   *
   * @param learners the training photos
   * @param attributes the attributes that the model answers
   */
  public static List<Section> unseen(PhotoSet learners, Set<Attribute> attributes) {
    PhotoSet learnt = learners.only(attributes);
    int[] counts = learnt.labelCounts();
    List<String> unseen =
        FaceLabel.knowing(attributes).stream()
            .filter(label -> counts[label.id()] == 0)
            .map(ClassName::brief)
            .toList();
    if (unseen.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "No training photo with all answered attributes known shows these "
            + unseen.size()
            + " classes. The model's answers for them are extrapolation.");
    lines.addAll(unseen);
    return List.of(new Section.Text("Classes that no photo showed", lines));
  }

  /** Returns how many photos of each of several sets were drawn. */
  private static String bySet(SamplingBalance balance) {
    StringBuilder text = new StringBuilder();
    for (SetCount set : balance.bySet()) {
      text.append(
          String.format(
              Locale.ROOT,
              " Set %s: %d drawn, %.1f expected, of %d photos.",
              set.set(),
              set.drawn(),
              set.expected(),
              set.available()));
    }
    return text.toString();
  }

  private static String numbered(FaceLabel label) {
    return (label.complete() ? label.id() + "  " : "") + ClassName.brief(label);
  }

  /**
   * Returns how evenly a sampler drew people in an epoch.
   *
   * @param balance the counts
   */
  public static List<Section> balanceByPerson(SamplingBalance balance) {
    PersonBalance byPerson = balance.byPerson();
    TreeSet<Integer> times = new TreeSet<>(byPerson.peopleOfDrawn().keySet());
    times.addAll(byPerson.peopleOfExpected().keySet());
    List<Section.Bar> bars = new ArrayList<>();
    for (int shown : times) {
      int people = byPerson.peopleOfDrawn().getOrDefault(shown, 0);
      double mean = byPerson.peopleOfExpected().getOrDefault(shown, 0);
      bars.add(
          new Section.Bar(
              shown == 1 ? "1 photo" : shown + " photos",
              people,
              String.valueOf(people),
              Optional.of(mean)));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Count count : byPerson.farthest()) {
      rows.add(
          List.of(
              count.person(),
              String.valueOf(count.available()),
              String.format(Locale.ROOT, "%.1f", count.expected()),
              String.valueOf(count.drawn()),
              String.format(Locale.ROOT, "%+.1f", count.deviation())));
    }
    return List.of(
        new Section.Bars(
            "Sampler's balance by person",
            "People by how many of their photos one epoch showed; the mark is by the mean. "
                + "Chi-square over the people: "
                + String.format(
                    Locale.ROOT, "%.1f of %d.", byPerson.chiSquare(), byPerson.people()),
            bars),
        new Section.Table(
            "People farthest from their mean",
            List.of("person", "photos", "mean", "shown", "deviations"),
            rows));
  }

  /**
   * Returns a contact sheet of random photos for each class that has photos. Each person occurs
   * once before any occurs twice.
   *
   * @param photos the photos to draw from
   * @param perClass the largest number of photos of each class
   * @param seed the seed of the draw
   */
  public static List<Section> contactSheets(PhotoSet photos, int perClass, long seed) {
    int[] order = new int[photos.size()];
    Arrays.setAll(order, i -> i);
    RandomStream.of(seed, "contact sheets").shuffle(order);
    Map<FaceLabel, List<FacePhoto>> first = new HashMap<>();
    Map<FaceLabel, List<FacePhoto>> later = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (int index : order) {
      FacePhoto photo = photos.get(index);
      boolean fresh = seen.add(photo.label().id() + "\t" + photo.person());
      (fresh ? first : later).computeIfAbsent(photo.label(), c -> new ArrayList<>()).add(photo);
    }
    List<Section> sheets = new ArrayList<>();
    for (FaceLabel label : FaceLabel.values()) {
      if (first.containsKey(label)) {
        List<PhotoCard> cards =
            Stream.concat(first.get(label).stream(), later.getOrDefault(label, List.of()).stream())
                .limit(perClass)
                .map(p -> PhotoCard.of(p.photo().file(), PhotoCard.Tone.PLAIN, p.photo().id()))
                .toList();
        String title = (label.complete() ? "Class " + label.id() + ": " : "") + label.displayName();
        sheets.add(new Section.Photos(title, cards));
      }
    }
    return sheets;
  }

  /**
   * Returns random photos of each class.
   *
   * @param title the title
   * @param photos the photos to draw from
   * @param perClass the number of photos of each class
   * @param seed the seed of the draw
   */
  public static Section samples(String title, PhotoSet photos, int perClass, long seed) {
    int[] order = new int[photos.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    RandomStream.of(seed, "report samples").shuffle(order);
    Map<Integer, List<FacePhoto>> byClass = new HashMap<>();
    for (int index : order) {
      FacePhoto photo = photos.get(index);
      List<FacePhoto> chosen = byClass.computeIfAbsent(photo.label().id(), id -> new ArrayList<>());
      if (chosen.size() < perClass) {
        chosen.add(photo);
      }
    }
    List<PhotoCard> cards = new ArrayList<>();
    for (FaceLabel label : FaceLabel.values()) {
      for (FacePhoto photo : byClass.getOrDefault(label.id(), List.of())) {
        cards.add(
            PhotoCard.of(
                photo.photo().file(),
                PhotoCard.Tone.PLAIN,
                ClassName.brief(label),
                photo.photo().id()));
      }
    }
    return new Section.Photos(title, cards);
  }
}
