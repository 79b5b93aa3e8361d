package io.github.facemask.spark;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Iterators;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FaceClassifier.Answer;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Classifies the photos of a data set in batches, with one classifier for all tasks of an executor.
 * The result has the columns {@code path}; {@code class} (0 to 17), {@code label}, {@code mask},
 * {@code gender} and {@code age}; {@code p0} to {@code p17}; and {@code error}. For an unreadable
 * photo only {@code path} and {@code error} are set.
 */
public final class PhotoScores {

  private static final int BATCH = 16;

  /** The first column of an attribute's probabilities. */
  private static final int MARGINALS = 6 + FaceClass.COUNT;

  private static final int FIRST_MARGINAL = FaceLabel.knowing(Set.of(Attribute.MASK)).get(0).id();

  private PhotoScores() {}

  /** The labels of single attributes, which follow each other. */
  private static List<FaceLabel> marginals() {
    return FaceLabel.values().subList(FIRST_MARGINAL, FaceLabel.UNKNOWN.id());
  }

  /** Returns the columns of the result. */
  public static StructType schema() {
    StructType schema =
        new StructType()
            .add("path", DataTypes.StringType, false)
            .add("class", DataTypes.IntegerType)
            .add("label", DataTypes.StringType)
            .add("mask", DataTypes.StringType)
            .add("gender", DataTypes.StringType)
            .add("age", DataTypes.StringType);
    for (int id = 0; id < FaceClass.COUNT; id++) {
      schema = schema.add("p" + id, DataTypes.DoubleType);
    }
    for (FaceLabel label : marginals()) {
      schema = schema.add("p_" + label.displayName().replace(' ', '_'), DataTypes.DoubleType);
    }
    return schema.add("error", DataTypes.StringType);
  }

  /**
   * Classifies photos.
   *
   * @param photos with the columns {@code path} and {@code content}, as the source {@code
   *     binaryFile} reads them
   * @param model the folder of a model, run, ensemble or exported program; it must have this path
   *     on every executor
   * @return the results, in the order of the photos within each partition
   * @throws IllegalArgumentException if a column is missing
   */
  public static Dataset<Row> of(Dataset<Row> photos, String model) {
    List<String> columns = List.of(photos.columns());
    checkArgument(
        columns.contains("path") && columns.contains("content"),
        "columns are %s, expected path and content, as spark.read().format(\"binaryFile\") gives",
        columns);
    MapPartitionsFunction<Row, Row> classify = rows -> classify(rows, model);
    return photos.select("path", "content").mapPartitions(classify, Encoders.row(schema()));
  }

  private static Iterator<Row> classify(Iterator<Row> photos, String model) {
    // An empty partition loads no model.
    if (!photos.hasNext()) {
      return Collections.emptyIterator();
    }
    FaceClassifier classifier;
    try {
      classifier = ExecutorClassifier.of(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    Iterator<List<Row>> batches = Iterators.partition(photos, BATCH);
    return Iterators.concat(Iterators.transform(batches, batch -> answers(batch, classifier)));
  }

  private static Iterator<Row> answers(List<Row> batch, FaceClassifier classifier) {
    Map<String, FaceClassifier.PhotoSource> files = new LinkedHashMap<>();
    for (Row row : batch) {
      byte[] file = row.getAs(1);
      files.put(row.getString(0), () -> file);
    }
    List<Row> rows = new ArrayList<>();
    classifier.classifyAll(files, answer -> rows.add(row(answer)));
    return rows.iterator();
  }

  private static Row row(Answer answer) {
    Object[] values = new Object[MARGINALS + marginals().size() + 1];
    values[0] = answer.photo();
    answer.error().ifPresent(error -> values[values.length - 1] = error.getMessage());
    answer.prediction().ifPresent(prediction -> fill(values, prediction));
    return RowFactory.create(values);
  }

  private static void fill(Object[] values, FacePrediction prediction) {
    FaceLabel best = prediction.best();
    values[2] = best.displayName();
    values[3] = best.mask().map(Enum::name).orElse(null);
    values[4] = best.gender().map(Enum::name).orElse(null);
    values[5] = best.age().map(Enum::name).orElse(null);
    if (best.complete()) {
      values[1] = best.id();
      for (int id = 0; id < FaceClass.COUNT; id++) {
        values[6 + id] = prediction.probabilities().get(id);
      }
    }
    for (Attribute attribute : prediction.attributes()) {
      for (FaceLabel label : FaceLabel.knowing(Set.of(attribute))) {
        int column = MARGINALS + label.id() - FIRST_MARGINAL;
        values[column] = prediction.probability(label);
      }
    }
  }
}
