package io.github.facemask.cli.options;

import ai.djl.Device;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.internal.cards.RunRecord;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.torchscript.EngineFeatures;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The precision that the models of an ensemble are computed in. By default it is the one in which
 * their runs were validated, so that a score is the same number again on any machine that computes
 * in it.
 *
 * @param used the precision of the models
 * @param programs the precisions of the exported programs among them, which are their own
 * @param trained the precision of their runs; empty if it is unknown or not the same
 * @param models whether there are models that are no exported programs
 */
public record ScorePrecision(
    Precision used, ImmutableSet<Precision> programs, Optional<Precision> trained, boolean models) {

  /**
   * Chooses the precision.
   *
   * @param ensemble the models
   * @param asked the precision that the user chose, if any
   * @param device the device
   * @throws IOException if a record of a run cannot be read
   * @throws IllegalArgumentException if the device cannot compute in the one that was chosen
   */
  public static ScorePrecision of(Ensemble ensemble, Optional<Precision> asked, Device device)
      throws IOException {
    ImmutableSet.Builder<Precision> programs = ImmutableSet.builder();
    ImmutableSet.Builder<Precision> runs = ImmutableSet.builder();
    boolean models = false;
    boolean unknown = false;
    for (Member member : ensemble.members()) {
      if (member.model() instanceof ExportedModel program) {
        programs.add(program.precision());
        continue;
      }
      models = true;
      Optional<Precision> recorded = recorded(member.model().path());
      recorded.ifPresent(runs::add);
      unknown |= recorded.isEmpty();
    }
    ImmutableSet<Precision> found = runs.build();
    Optional<Precision> trained =
        unknown || found.size() != 1 ? Optional.empty() : Optional.of(found.iterator().next());
    if (models && asked.isPresent()) {
      EngineFeatures.check(asked.get(), device);
    }
    return new ScorePrecision(
        asked.orElseGet(() -> usual(trained, device)), programs.build(), trained, models);
  }

  private static Precision usual(Optional<Precision> trained, Device device) {
    if (trained.isEmpty()) {
      return Precision.fastestOn(device);
    }
    return can(trained.get(), device) ? trained.get() : Precision.FLOAT32;
  }

  private static boolean can(Precision precision, Device device) {
    return precision == Precision.FLOAT32 || device.isGpu() || EngineFeatures.computesBfloat16();
  }

  private static Optional<Precision> recorded(Path model) throws IOException {
    Optional<Path> record = RunRecord.find(model);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    String name = WholeFile.readJson(record.get()).path("precision").asText();
    for (Precision precision : Precision.values()) {
      if (precision.name().equals(name) && precision.trains()) {
        return Optional.of(precision);
      }
    }
    return Optional.empty();
  }

  /** Returns the precision in words, and why it is not that of the training. */
  public String told() {
    String own = programs.stream().map(Precision::name).collect(Collectors.joining(" and "));
    if (!models) {
      return "computed in " + own;
    }
    String line = "computed in " + used + (own.isEmpty() ? "" : ", programs in " + own);
    if (trained.isEmpty() || trained.get() == used) {
      return line;
    }
    boolean missing = trained.get() == Precision.BFLOAT16 && !EngineFeatures.computesBfloat16();
    return line
        + ", validated in "
        + trained.get()
        + " in training"
        + (missing ? ", for which " + Processor.here().described() + " lacks AVX-512" : "")
        + ": scores can differ";
  }
}
