package io.github.facemask.backbone;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Finds the known names that are nearest to an unknown one. */
final class NearNames {

  private NearNames() {}

  /**
   * Returns three names: the tags of a known architecture, otherwise architectures and old names.
   *
   * @param name the unknown name, in lower case
   * @param known all known names
   */
  static String of(String name, Collection<String> known) {
    int dot = name.indexOf('.');
    String architecture = dot < 0 ? "" : name.substring(0, dot);
    boolean tagIsWrong = known.contains(architecture);
    return known.stream()
        .filter(each -> each.contains(".") == tagIsWrong)
        .filter(each -> !tagIsWrong || each.startsWith(architecture + "."))
        .sorted(Comparator.comparingInt(each -> distance(each, name)))
        .limit(3)
        .collect(Collectors.joining(", "));
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
