package io.github.facemask.inference;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.github.facemask.label.FaceClass;

/**
 * Where on a photo a class is seen: how much of its probability is lost when a part is hidden
 * (Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014).
 */
public final class OcclusionMap {

  private static final int GREY = 127;

  private OcclusionMap() {}

  /**
   * Hides each cell of a grid behind grey, one after the other.
   *
   * @param classifier the network
   * @param photo uint8 (1, H, W, 3) of the network's input size, in a manager of the network's
   * @param faceClass the class to explain
   * @param cells how many cells a side has, 1 or more
   * @return {@code [row][column]}, the probability without hiding less the one with it: above 0
   *     where the class is seen, below 0 where something speaks against it
   */
  public static double[][] of(
      PhotoClassifier classifier, NDArray photo, FaceClass faceClass, int cells) {
    checkArgument(cells >= 1, "cells is %s, expected 1 or more", cells);
    long height = photo.getShape().get(1);
    long width = photo.getShape().get(2);
    NDList hidden = new NDList();
    hidden.add(photo.duplicate());
    for (int row = 0; row < cells; row++) {
      for (int column = 0; column < cells; column++) {
        NDArray copy = photo.duplicate();
        copy.set(
            new NDIndex(
                ":,{}:{},{}:{},:",
                row * height / cells,
                (row + 1) * height / cells,
                column * width / cells,
                (column + 1) * width / cells),
            GREY);
        hidden.add(copy);
      }
    }
    try (NDArray all = NDArrays.concat(hidden);
        NDArray result = classifier.classify(all)) {
      float[] values = result.toFloatArray();
      double[][] map = new double[cells][cells];
      for (int cell = 0; cell < cells * cells; cell++) {
        int at = (cell + 1) * FaceClass.COUNT + faceClass.id();
        map[cell / cells][cell % cells] = values[faceClass.id()] - values[at];
      }
      return map;
    } finally {
      hidden.close();
    }
  }
}
