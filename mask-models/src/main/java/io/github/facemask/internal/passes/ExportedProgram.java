package io.github.facemask.internal.passes;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.program.ClassProbabilities;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.Map;

/** A loaded inference program. Thread-safe. */
public final class ExportedProgram implements PhotoClassifier {

  private final Program program;
  private final ImmutableSet<Attribute> attributes;
  private final boolean years;

  private ExportedProgram(Program program, ImmutableSet<Attribute> attributes, boolean years) {
    this.program = program;
    this.attributes = attributes;
    this.years = years;
  }

  /**
   * Wraps a loaded program and packs its weights before threads share it.
   *
   * @param program a program of {@link ExportProgram}; closing the result closes it
   * @param attributes the attributes that it answers
   * @param years whether it answers the age in years, too
   * @return the classifier
   */
  public static ExportedProgram of(
      Program program, ImmutableSet<Attribute> attributes, boolean years) {
    try (NDManager scope = program.manager().newSubManager()) {
      program.call(ProgramMethod.PREPARE, scope.create(0f));
    }
    return new ExportedProgram(program, attributes, years);
  }

  /**
   * Writes a network as the program that runs fastest on a device, and loads it.
   *
   * @param network the network
   * @param weights all its tensors by name
   * @param device the device to run it on
   * @param precision the precision to compute in
   * @return the program, which the caller closes
   * @throws IOException if the engine cannot load it
   */
  public static ExportedProgram load(
      Network network, Map<String, HostTensor> weights, Device device, Precision precision)
      throws IOException {
    checkArgument(
        precision.trains(),
        "precision is %s, expected FLOAT32 or BFLOAT16; a model computes in INT8 once exported",
        precision);
    ExportProgram written = ExportProgram.write(network, weights, precision, Target.of(device));
    return of(Program.load(written.module(), device), network.attributes(), network.answersYears());
  }

  @Override
  public NDManager manager() {
    return program.manager();
  }

  @Override
  public NDArray classify(NDArray photos) {
    return ClassProbabilities.of(
        program.call(ProgramMethod.CLASSIFY, photos).singletonOrThrow(), attributes, years);
  }

  @Override
  public void close() {
    program.close();
  }
}
