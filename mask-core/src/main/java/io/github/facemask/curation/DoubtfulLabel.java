package io.github.facemask.curation;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.LabelFix;
import io.github.facemask.label.FaceClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A photo whose label a model doubts that did not learn from its person.
 *
 * @param photo the photo with its label
 * @param suggested the class that the model holds right
 * @param probability the probability of the label
 * @param suggestedProbability the probability of the suggested class
 * @param margin the probability of the label less that of the most probable other class, -1 to 1;
 *     the lower, the more doubtful
 */
public record DoubtfulLabel(
    FacePhoto photo,
    FaceClass suggested,
    double probability,
    double suggestedProbability,
    double margin) {

  /**
   * Returns the fixes that would make the label the suggested one: of the mask for this photo, of
   * gender and age group for all photos of the person.
   *
   * @param source who says so
   */
  public List<LabelFix> fixes(String source) {
    FaceClass is = photo.faceClass();
    List<LabelFix> fixes = new ArrayList<>();
    if (is.mask() != suggested.mask()) {
      String id = photo.photo().id();
      fixes.add(fix(id, LabelFix.Field.MASK, is.mask(), suggested.mask(), source));
    }
    if (is.gender() != suggested.gender()) {
      fixes.add(
          fix(photo.person(), LabelFix.Field.GENDER, is.gender(), suggested.gender(), source));
    }
    if (is.age() != suggested.age()) {
      fixes.add(fix(photo.person(), LabelFix.Field.AGE_GROUP, is.age(), suggested.age(), source));
    }
    return fixes;
  }

  private static LabelFix fix(
      String id, LabelFix.Field field, Enum<?> old, Enum<?> corrected, String source) {
    return new LabelFix(id, field, lower(old), lower(corrected), source);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
