package io.github.facemask.internal.program;

import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.network.Heads;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The methods of a training program for photos with unknown attributes, whose targets are over the
 * 48 {@link io.github.facemask.label.FaceLabel}s. The columns have the labels' order: all
 * attributes known (18), mask and gender (6), mask and age (9), gender and age (6), mask (3),
 * gender (2), age (3), nothing (1).
 */
final class LabelMethods {

  private static final String CLASSES_BY_ATTRIBUTE = "[-1, 3, 2, 3]";

  private LabelMethods() {}

  /**
   * Returns {@link ProgramMethod#LABEL_LOG_P}. With one head a label's probability is the sum over
   * its classes. With a head for each attribute it is a product of known attributes' probabilities
   * alone, so the gradients of the unknown attributes' heads are exactly zero.
   *
   * @param heads the heads
   * @param attributes the attributes that the network answers
   */
  static String labelLogP(Heads heads, Set<Attribute> attributes) {
    return ProgramMethod.LABEL_LOG_P.signature("logits: Tensor", "Tensor")
        + (heads == Heads.CLASSES ? ofClasses(attributes) : ofHeads(heads, attributes))
        + """
              nothing = torch.zeros_like(torch.slice(logits, 1, 0, 1))
              pairs = [torch.flatten(mg, 1), torch.flatten(ma, 1), torch.flatten(ga, 1)]
              return torch.cat([all, pairs[0], pairs[1], pairs[2], m, g, a, nothing%s], 1)
            """
            .formatted(heads == Heads.YEARS ? ", years" : "");
  }

  /** Attributes that the network does not answer have one value here, and no targets. */
  private static String ofClasses(Set<Attribute> attributes) {
    String own =
        Stream.of(Attribute.values())
            .map(a -> String.valueOf(attributes.contains(a) ? a.valueNames().size() : 1))
            .collect(Collectors.joining(", ", "[-1, ", "]"));
    return """
      p = torch.reshape(torch.log_softmax(logits, 1), %s)
      all = torch.flatten(torch.expand(p, [-1, 3, 2, 3]), 1)
      mg = torch.expand(torch.logsumexp(p, [3]), [-1, 3, 2])
      ma = torch.expand(torch.logsumexp(p, [2]), [-1, 3, 3])
      ga = torch.expand(torch.logsumexp(p, [1]), [-1, 2, 3])
      m = torch.expand(torch.logsumexp(p, [2, 3]), [-1, 3])
      g = torch.expand(torch.logsumexp(p, [1, 3]), [-1, 2])
      a = torch.expand(torch.logsumexp(p, [1, 2]), [-1, 3])
    """
        .formatted(own);
  }

  private static String ofHeads(Heads several, Set<Attribute> attributes) {
    StringBuilder heads = new StringBuilder();
    int from = 0;
    for (Attribute attribute : Attribute.values()) {
      int size = attribute.valueNames().size();
      String name = attribute.word().substring(0, 1);
      if (attributes.contains(attribute)) {
        boolean years = several == Heads.YEARS && attribute == Attribute.AGE;
        int logits = years ? AgeGroup.YEARS : size;
        heads.append(
            String.format(
                Locale.ROOT,
                "  %s = torch.log_softmax(torch.slice(logits, 1, %d, %d), 1)\n",
                years ? "years" : name,
                from,
                from + logits));
        if (years) {
          heads.append("  a = ").append(TokenOperations.ageGroupsOf("years")).append("\n");
        }
        from += logits;
      } else {
        heads.append(
            String.format(
                Locale.ROOT,
                "  %s = torch.expand(torch.zeros_like(torch.slice(logits, 1, 0, 1)), [-1, %d])\n",
                name,
                size));
      }
    }
    return heads
        + """
            mg = torch.add(torch.unsqueeze(m, 2), torch.unsqueeze(g, 1))
            ma = torch.add(torch.unsqueeze(m, 2), torch.unsqueeze(a, 1))
            ga = torch.add(torch.unsqueeze(g, 2), torch.unsqueeze(a, 1))
            all = torch.flatten(torch.add(torch.unsqueeze(mg, 3), torch.reshape(a, [-1, 1, 1, 3])), 1)
          """;
  }

  /**
   * Returns {@link ProgramMethod#CORRECT}: the number of photos whose most probable class agrees
   * with the label of the largest target, and with the group of the most probable year. Photos
   * about which nothing is known do not count.
   */
  static String correct(Heads heads) {
    return ProgramMethod.CORRECT.signature("logits: Tensor, targets: Tensor", "Tensor")
        + """
            best = torch.argmax(logits, 1)
            one = torch.one_hot(best, %d)
            c = torch.reshape(one, %s)
            pairs = [torch.sum(c, [3]), torch.sum(c, [2]), torch.sum(c, [1])]
            mg = torch.flatten(pairs[0], 1)
            ma = torch.flatten(pairs[1], 1)
            ga = torch.flatten(pairs[2], 1)
            m = torch.sum(c, [2, 3])
            g = torch.sum(c, [1, 3])
            a = torch.sum(c, [1, 2])
            nothing = torch.zeros_like(torch.slice(m, 1, 0, 1))
            agree = torch.cat([one, mg, ma, ga, m, g, a, nothing], 1)
            labels = torch.slice(targets, 1, 0, %d)
            label = torch.unsqueeze(torch.argmax(labels, 1), 1)
            right = torch.squeeze(torch.gather(agree, 1, label), 1)
          """
            .formatted(FaceClass.COUNT, CLASSES_BY_ATTRIBUTE, FaceLabel.COUNT)
        + (heads == Heads.YEARS ? rightYears() : "")
        + "  return torch.sum(right, dtype="
        + ScalarType.FLOAT32.code()
        + ")\n";
  }

  /** A part of the target that is unknown counts as right if the other part is known. */
  private static String rightYears() {
    StringBuilder ofYears = new StringBuilder("torch.cat([");
    for (AgeGroup group : AgeGroup.values()) {
      boolean last = group.ordinal() == AgeGroup.values().length - 1;
      int end = last ? AgeGroup.YEARS : AgeGroup.values()[group.ordinal() + 1].firstYear();
      ofYears.append(
          String.format(
              Locale.ROOT,
              "%storch.repeat(torch.slice(a, 1, %d, %d), [1, %d])",
              group.ordinal() == 0 ? "" : ", ",
              group.ordinal(),
              group.ordinal() + 1,
              end - group.firstYear()));
    }
    return """
      ages = torch.slice(targets, 1, %d)
      year = torch.unsqueeze(torch.argmax(ages, 1), 1)
      right_year = torch.squeeze(torch.gather(%s, 1, year), 1)
      no_label = torch.eq(torch.sum(labels, [1]), 0)
      no_year = torch.eq(torch.sum(ages, [1]), 0)
      right_label = torch.where(no_label, torch.ones_like(right), right)
      known_year = torch.where(no_year, torch.ones_like(right), right_year)
      both = torch.mul(right_label, known_year)
      right = torch.where(torch.logical_and(no_label, no_year), torch.zeros_like(both), both)
    """
        .formatted(FaceLabel.COUNT, ofYears.append("], 1)"));
  }
}
