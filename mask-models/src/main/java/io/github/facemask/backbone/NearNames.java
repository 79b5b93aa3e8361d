package io.github.facemask.backbone;

import io.github.facemask.problem.Problem;
import java.util.Collection;
import java.util.List;

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
    List<String> alike =
        known.stream()
            .filter(each -> each.contains(".") == tagIsWrong)
            .filter(each -> !tagIsWrong || each.startsWith(architecture + "."))
            .toList();
    return String.join(", ", Problem.nearest(name, alike, 3));
  }
}
