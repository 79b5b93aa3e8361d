package io.github.facemask.spark;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Iterators;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FaceClassifier.Answer;
import io.github.facemask.classify.FaceClassifier.Face;
import io.github.facemask.classify.FaceClassifier.FacesAnswer;
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

  /** The first column of the classes' probabilities, counted from the class. */
  private static final int PROBABILITIES = 5;

  /** The first column of an attribute's probabilities, counted from the class. */
  private static final int MARGINALS = PROBABILITIES + FaceClass.COUNT;

  private static final int FIRST_MARGINAL = FaceLabel.knowing(Set.of(Attribute.MASK)).get(0).id();

  private PhotoScores() {}

  /** The labels of single attributes, which follow each other. */
  private static List<FaceLabel> marginals() {
    return FaceLabel.values().subList(FIRST_MARGINAL, FaceLabel.UNKNOWN.id());
  }

  /** Returns the columns of the result. */
  public static StructType schema() {
    return withAnswers(new StructType().add("path", DataTypes.StringType, false));
  }

  /** Returns the columns of {@link #ofFaces}. */
  public static StructType faceSchema() {
    return withAnswers(
        new StructType()
            .add("path", DataTypes.StringType, false)
            .add("face", DataTypes.IntegerType)
            .add("left", DataTypes.DoubleType)
            .add("top", DataTypes.DoubleType)
            .add("right", DataTypes.DoubleType)
            .add("bottom", DataTypes.DoubleType)
            .add("score", DataTypes.DoubleType));
  }

  private static StructType withAnswers(StructType first) {
    StructType schema =
        first
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
    return answered(photos, model, false);
  }

  /**
   * Classifies each face of photos. A photo without a face has no row; an unreadable photo has one
   * with {@code path} and {@code error}.
   *
   * @param photos as in {@link #of}
   * @param model as in {@link #of}
   * @return a row for each face, in reading order within a photo: {@code face} counts from 0,
   *     {@code left} to {@code bottom} are its box in pixels, {@code score} is the detector's
   * @throws IllegalArgumentException if a column is missing
   */
  public static Dataset<Row> ofFaces(Dataset<Row> photos, String model) {
    return answered(photos, model, true);
  }

  private static Dataset<Row> answered(Dataset<Row> photos, String model, boolean ofFaces) {
    List<String> columns = List.of(photos.columns());
    checkArgument(
        columns.contains("path") && columns.contains("content"),
        "columns are %s, expected path and content, as spark.read().format(\"binaryFile\") gives",
        columns);
    MapPartitionsFunction<Row, Row> classify = rows -> classify(rows, model, ofFaces);
    return photos
        .select("path", "content")
        .mapPartitions(classify, Encoders.row(ofFaces ? faceSchema() : schema()));
  }

  private static Iterator<Row> classify(Iterator<Row> photos, String model, boolean ofFaces) {
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
    return Iterators.concat(
        Iterators.transform(batches, batch -> answers(batch, classifier, ofFaces)));
  }

  private static Iterator<Row> answers(
      List<Row> batch, FaceClassifier classifier, boolean ofFaces) {
    Map<String, FaceClassifier.PhotoSource> files = new LinkedHashMap<>();
    for (Row row : batch) {
      byte[] file = row.getAs(1);
      files.put(row.getString(0), () -> file);
    }
    List<Row> rows = new ArrayList<>();
    if (ofFaces) {
      try {
        classifier.classifyAllFaces(files, answer -> rows.addAll(rows(answer)));
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    } else {
      classifier.classifyAll(files, answer -> rows.add(row(answer)));
    }
    return rows.iterator();
  }

  private static Row row(Answer answer) {
    Object[] values = new Object[schema().size()];
    values[0] = answer.photo();
    answer.error().ifPresent(error -> values[values.length - 1] = error.getMessage());
    answer.prediction().ifPresent(prediction -> fill(values, 1, prediction));
    return RowFactory.create(values);
  }

  private static List<Row> rows(FacesAnswer answer) {
    int size = faceSchema().size();
    List<Row> rows = new ArrayList<>();
    for (Face face : answer.faces()) {
      Object[] values = new Object[size];
      values[0] = answer.photo();
      values[1] = rows.size();
      values[2] = face.box().left();
      values[3] = face.box().top();
      values[4] = face.box().right();
      values[5] = face.box().bottom();
      values[6] = face.score();
      fill(values, 7, face.prediction());
      rows.add(RowFactory.create(values));
    }
    if (answer.error().isPresent()) {
      Object[] values = new Object[size];
      values[0] = answer.photo();
      values[size - 1] = answer.error().get().getMessage();
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  private static void fill(Object[] values, int first, FacePrediction prediction) {
    FaceLabel best = prediction.best();
    values[first + 1] = best.displayName();
    values[first + 2] = best.mask().map(Enum::name).orElse(null);
    values[first + 3] = best.gender().map(Enum::name).orElse(null);
    values[first + 4] = best.age().map(Enum::name).orElse(null);
    if (best.complete()) {
      values[first] = best.id();
      for (int id = 0; id < FaceClass.COUNT; id++) {
        values[first + PROBABILITIES + id] = prediction.probabilities().get(id);
      }
    }
    for (Attribute attribute : prediction.attributes()) {
      for (FaceLabel label : FaceLabel.knowing(Set.of(attribute))) {
        int column = first + MARGINALS + label.id() - FIRST_MARGINAL;
        values[column] = prediction.probability(label);
      }
    }
  }
}
