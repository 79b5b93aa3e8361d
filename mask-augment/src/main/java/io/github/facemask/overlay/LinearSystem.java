package io.github.facemask.overlay;

/** Solves small systems of linear equations. */
final class LinearSystem {

  private LinearSystem() {}

  /** Returns x with a x = b, by Gauss' elimination with pivots; a nearly singular row gives 0. */
  static double[] solve(double[][] a, double[] b) {
    int n = b.length;
    double[][] rows = new double[n][n + 1];
    for (int i = 0; i < n; i++) {
      System.arraycopy(a[i], 0, rows[i], 0, n);
      rows[i][n] = b[i];
    }
    for (int i = 0; i < n; i++) {
      int pivot = i;
      for (int j = i + 1; j < n; j++) {
        if (Math.abs(rows[j][i]) > Math.abs(rows[pivot][i])) {
          pivot = j;
        }
      }
      double[] swap = rows[i];
      rows[i] = rows[pivot];
      rows[pivot] = swap;
      if (Math.abs(rows[i][i]) < 1e-12) {
        continue;
      }
      for (int j = i + 1; j < n; j++) {
        double factor = rows[j][i] / rows[i][i];
        for (int k = i; k <= n; k++) {
          rows[j][k] -= factor * rows[i][k];
        }
      }
    }
    double[] x = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      if (Math.abs(rows[i][i]) < 1e-12) {
        continue;
      }
      double sum = rows[i][n];
      for (int k = i + 1; k < n; k++) {
        sum -= rows[i][k] * x[k];
      }
      x[i] = sum / rows[i][i];
    }
    return x;
  }
}
