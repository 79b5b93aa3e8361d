package io.github.facemask.backbone;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.github.facemask.hub.Hub;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Published weights of an architecture, as timm's pretrained configuration describes them.
 *
 * @param architecture timm's name without tag, for instance {@code "resnet18"}
 * @param tag how the weights were trained, for instance {@code "a1_in1k"}
 * @param preprocessing the preprocessing that the weights expect
 * @param licence the weights' licence as an SPDX identifier in lower case
 * @param classes the number of classes of their head, 0 without a head
 * @param oldNames names that timm gave these weights before it had tags
 * @param checkpoint the name of their file outside of the hub, as torch.hub stores it; empty if
 *     there is none
 */
public record PretrainedSource(
    String architecture,
    String tag,
    Preprocessing preprocessing,
    String licence,
    int classes,
    ImmutableList<String> oldNames,
    String checkpoint) {

  private static final String TABLE = "pretrained.tsv";
  private static final int COLUMNS = 11;
  private static final String OWN = "own";

  /** timm's order. */
  private static final ImmutableList<String> FILES =
      ImmutableList.of("model.safetensors", "pytorch_model.bin");

  /** Returns timm's full name, for instance {@code "resnet18.a1_in1k"}. */
  public String name() {
    return architecture + "." + tag;
  }

  /**
   * Returns the weights' repository at huggingface.co, for instance {@code
   * "timm/resnet18.a1_in1k"}; empty for a custom architecture.
   */
  public String hubId() {
    return tag.equals(OWN) ? "" : "timm/" + name();
  }

  /** Returns whether the licence forbids commercial use. */
  public boolean isNonCommercial() {
    return licence.contains("-nc");
  }

  /** Returns the file of the weights, for {@link Hub#locate}. */
  public Hub.Artifact file() {
    return new Hub.Artifact(
        name(),
        hubId(),
        FILES,
        checkpoint.isEmpty() ? Optional.empty() : Optional.of(checkpoint),
        Optional.empty());
  }

  /** An architecture without published weights. */
  static PretrainedSource own(String architecture, Preprocessing preprocessing) {
    return new PretrainedSource(architecture, OWN, preprocessing, OWN, 0, ImmutableList.of(), "");
  }

  /** Reads all entries; the first of each architecture is timm's default. */
  static ImmutableList<PretrainedSource> all() {
    try (InputStream stream = PretrainedSource.class.getResourceAsStream(TABLE);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .skip(1)
          .map(PretrainedSource::parse)
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(TABLE + ": cannot be read", e);
    }
  }

  private static PretrainedSource parse(String line) {
    List<String> columns = Splitter.on('\t').splitToList(line);
    if (columns.size() != COLUMNS) {
      throw new IllegalStateException(
          TABLE + ": line '" + line + "' has " + columns.size() + " columns, expected " + COLUMNS);
    }
    int dot = columns.get(0).indexOf('.');
    int size = Integer.parseInt(columns.get(1));
    Preprocessing preprocessing =
        new Preprocessing(
            size,
            size,
            numbers(columns.get(2)),
            numbers(columns.get(3)),
            Interpolation.valueOf(columns.get(4).toUpperCase(Locale.ROOT)),
            Double.parseDouble(columns.get(5)),
            CropMode.valueOf(columns.get(6).toUpperCase(Locale.ROOT)));
    return new PretrainedSource(
        columns.get(0).substring(0, dot),
        columns.get(0).substring(dot + 1),
        preprocessing,
        columns.get(7),
        Integer.parseInt(columns.get(8)),
        ImmutableList.copyOf(Splitter.on(',').omitEmptyStrings().split(columns.get(9))),
        columns.get(10));
  }

  private static ImmutableList<Double> numbers(String text) {
    return Splitter.on(',')
        .splitToStream(text)
        .map(Double::valueOf)
        .collect(ImmutableList.toImmutableList());
  }
}
