package io.github.facemask.report;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import io.github.facemask.sampling.SamplingBalance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sections that show photos and how they are sampled. */
public final class DataSections {

  private DataSections() {}

  /**
   * Returns the number of photos of each class as bars.
   *
   * @param title the title
   * @param photos the photos
   */
  public static Section classCounts(String title, PhotoSet photos) {
    int[] counts = photos.classCounts();
    List<Section.Bar> bars = new ArrayList<>();
    for (FaceClass faceClass : FaceClass.values()) {
      int id = faceClass.id();
      bars.add(
          Section.Bar.of(
              id + "  " + ClassName.brief(faceClass), counts[id], String.valueOf(counts[id])));
    }
    return new Section.Bars(
        title, photos.size() + " photos of " + photos.people().size() + " people", bars);
  }

  /**
   * Returns what a sampler showed in an epoch beside what it should on average.
   *
   * @param balance the counts
   */
  public static Section balance(SamplingBalance balance) {
    List<Section.Bar> bars = new ArrayList<>();
    for (FaceClass faceClass : FaceClass.values()) {
      int id = faceClass.id();
      bars.add(
          new Section.Bar(
              id + "  " + ClassName.brief(faceClass),
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
            + " people.",
        bars);
  }

  /**
   * Returns photos of each class, drawn by chance.
   *
   * @param title the title
   * @param photos the photos to draw from
   * @param perClass how many of each class
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
      List<FacePhoto> chosen =
          byClass.computeIfAbsent(photo.faceClass().id(), id -> new ArrayList<>());
      if (chosen.size() < perClass) {
        chosen.add(photo);
      }
    }
    List<PhotoCard> cards = new ArrayList<>();
    for (FaceClass faceClass : FaceClass.values()) {
      for (FacePhoto photo : byClass.getOrDefault(faceClass.id(), List.of())) {
        cards.add(
            PhotoCard.of(
                photo.photo().file(),
                PhotoCard.Tone.PLAIN,
                ClassName.brief(faceClass),
                photo.photo().id()));
      }
    }
    return new Section.Photos(title, cards);
  }
}
