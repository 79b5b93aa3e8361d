package io.github.facemask.combination;

import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import java.util.List;

/** Combines three or more models, each of which predicts one attribute. */
final class ByAttribute {

  private ByAttribute() {}

  /** The product of the attributes' mean marginals, at each class. */
  static double[] combine(List<double[]> rows, List<Voter> voters, double[] shares) {
    double[][] marginals = new double[Attribute.values().length][];
    for (Attribute attribute : Attribute.values()) {
      marginals[attribute.ordinal()] = new double[attribute.valueNames().size()];
    }
    for (int m = 0; m < rows.size(); m++) {
      Attribute attribute = voters.get(m).attribute().orElseThrow();
      double[] row = rows.get(m).clone();
      Voter.temper(row, voters.get(m).temperature());
      for (FaceClass faceClass : FaceClass.values()) {
        marginals[attribute.ordinal()][attribute.of(faceClass)] += shares[m] * row[faceClass.id()];
      }
    }
    double[] product = new double[FaceClass.COUNT];
    for (FaceClass faceClass : FaceClass.values()) {
      product[faceClass.id()] = 1;
      for (Attribute attribute : Attribute.values()) {
        product[faceClass.id()] *= marginals[attribute.ordinal()][attribute.of(faceClass)];
      }
    }
    return product;
  }
}
