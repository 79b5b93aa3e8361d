package io.github.facemask.dataset;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.LabelFixes.Fix;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds photos of equal content, joins their people and compares their labels. */
final class CopyGroups {

  private CopyGroups() {}

  /**
   * Returns the digest of each photo's bytes, by id. Files of different lengths differ, so a file
   * whose length no other file has is not read and has no digest. Nor has a missing or empty file.
   */
  static Map<String, Digest> digests(PhotoSet photos) throws IOException {
    try {
      Map<Long, List<FacePhoto>> byLength = new ConcurrentHashMap<>();
      photos.stream()
          .parallel()
          .filter(photo -> Files.isRegularFile(photo.photo().file()))
          .forEach(
              photo ->
                  byLength.compute(
                      length(photo),
                      (length, same) -> {
                        List<FacePhoto> all = same == null ? new ArrayList<>() : same;
                        all.add(photo);
                        return all;
                      }));
      Map<String, Digest> digests = new ConcurrentHashMap<>();
      byLength.values().stream()
          .filter(same -> same.size() > 1 && length(same.get(0)) > 0)
          .flatMap(List::stream)
          .toList()
          .parallelStream()
          .forEach(photo -> digests.put(photo.photo().id(), digest(photo)));
      return digests;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long length(FacePhoto photo) {
    try {
      return Files.size(photo.photo().file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Digest digest(FacePhoto photo) {
    try {
      return Digest.ofFile(photo.photo().file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the groups of two or more photos of equal content, in the order of the set. */
  static ImmutableList<ImmutableList<FacePhoto>> groups(
      PhotoSet photos, Map<String, Digest> contents) {
    Map<Digest, List<FacePhoto>> byContent = new LinkedHashMap<>();
    for (FacePhoto photo : photos) {
      Digest content = contents.get(photo.photo().id());
      if (content != null) {
        byContent.computeIfAbsent(content, c -> new ArrayList<>()).add(photo);
      }
    }
    return byContent.values().stream()
        .filter(group -> group.size() > 1)
        .map(ImmutableList::copyOf)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the new name of each person who shares a photo with another one. */
  static Map<String, String> mergedPeople(ImmutableList<ImmutableList<FacePhoto>> groups) {
    Map<String, String> parents = new HashMap<>();
    for (List<FacePhoto> group : groups) {
      List<String> people =
          group.stream()
              .filter(photo -> !photo.isPseudoLabelled())
              .map(FacePhoto::person)
              .distinct()
              .toList();
      for (String person : people) {
        String one = root(parents, people.get(0));
        String other = root(parents, person);
        // The smaller name stays, so that the order of the photos does not matter.
        if (one.compareTo(other) < 0) {
          parents.put(other, one);
        } else if (other.compareTo(one) < 0) {
          parents.put(one, other);
        }
      }
    }
    Map<String, String> names = new HashMap<>();
    for (String person : parents.keySet()) {
      names.put(person, root(parents, person));
    }
    return names;
  }

  private static String root(Map<String, String> parents, String person) {
    String at = person;
    while (parents.containsKey(at)) {
      at = parents.get(at);
    }
    return at;
  }

  /** Returns whether a known attribute, or a known age in years, of two of the photos differs. */
  static boolean contradict(List<FacePhoto> group) {
    return !fixes(group).isEmpty();
  }

  /** Returns the fixes that give all photos of a group the most frequent value. */
  static List<Fix> fixes(List<FacePhoto> group) {
    List<Fix> fixes = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      fixes.addAll(fixes(group, field(group, attribute)));
    }
    return fixes;
  }

  private static List<Fix> fixes(List<FacePhoto> group, Fix.Field field) {
    Map<String, List<FacePhoto>> byValue = new LinkedHashMap<>();
    for (FacePhoto photo : group) {
      value(photo, field)
          .ifPresent(v -> byValue.computeIfAbsent(v, k -> new ArrayList<>()).add(photo));
    }
    if (byValue.size() < 2) {
      return List.of();
    }
    String chosen = "";
    for (String value : byValue.keySet()) {
      if (chosen.isEmpty() || byValue.get(value).size() > byValue.get(chosen).size()) {
        chosen = value;
      }
    }
    List<FacePhoto> agree = byValue.get(chosen);
    int known = byValue.values().stream().mapToInt(List::size).sum();
    String source =
        String.format(
            Locale.ROOT,
            "copies: equal to %s; %d of %d have the new label",
            agree.get(0).photo().id(),
            agree.size(),
            known);
    List<Fix> fixes = new ArrayList<>();
    for (Map.Entry<String, List<FacePhoto>> other : byValue.entrySet()) {
      if (!other.getKey().equals(chosen)) {
        for (FacePhoto photo : other.getValue()) {
          fixes.add(new Fix(photo.photo().id(), field, other.getKey(), chosen, source));
        }
      }
    }
    return fixes;
  }

  private static Optional<String> value(FacePhoto photo, Fix.Field field) {
    FaceLabel label = photo.label();
    return switch (field) {
      case MASK -> label.mask().map(CopyGroups::lower);
      case GENDER -> label.gender().map(CopyGroups::lower);
      case AGE_GROUP -> label.age().map(CopyGroups::lower);
      case AGE ->
          photo.ageYears().isPresent()
              ? Optional.of(Integer.toString(photo.ageYears().getAsInt()))
              : Optional.empty();
    };
  }

  /** Ages are compared in years where all known ages have them. */
  private static Fix.Field field(List<FacePhoto> group, Attribute attribute) {
    return switch (attribute) {
      case MASK -> Fix.Field.MASK;
      case GENDER -> Fix.Field.GENDER;
      case AGE ->
          group.stream()
                  .filter(photo -> photo.label().age().isPresent())
                  .allMatch(photo -> photo.ageYears().isPresent())
              ? Fix.Field.AGE
              : Fix.Field.AGE_GROUP;
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
