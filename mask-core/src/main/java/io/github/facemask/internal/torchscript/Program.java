package io.github.facemask.internal.torchscript;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A loaded program: a DJL model whose block is the module, and whose methods can be called.
 *
 * <p>Thread-safe as long as no thread changes the module's tensors. Closing frees the native module
 * and its tensors.
 */
public final class Program implements AutoCloseable {

  private final Model model;
  private final ParameterStore parameterStore;

  private Program(Model model) {
    this.model = model;
    this.parameterStore = new ParameterStore(model.getNDManager(), false);
  }

  /**
   * Loads a module onto a device.
   *
   * @param module the module
   * @param device the device to run on
   * @return the loaded program, which the caller closes
   * @throws IOException if the engine cannot load it
   */
  public static Program load(ScriptModule module, Device device) throws IOException {
    // The engine loads programs from files. From a stream it would copy each kilobyte.
    Path folder = Files.createTempDirectory("facemask-program");
    Path file = folder.resolve("program.pt");
    try {
      ScriptArchive.write(module, file);
      return load(file, device);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  /**
   * Loads a saved program onto a device.
   *
   * @param file a TorchScript archive
   * @param device the device to load it onto
   * @return the loaded program, which the caller closes
   * @throws IOException if the file cannot be read or is not a program
   */
  public static Program load(Path file, Device device) throws IOException {
    Model model = Model.newInstance("facemask", device, "PyTorch");
    try {
      // Loads as many threads as the limits of containers allow, once.
      EngineThreads.usual();
      model.load(file.getParent(), file.getFileName().toString(), Map.of("trainParam", "true"));
      // DJL assumes that a new block is in training mode, but it is loaded in evaluation mode.
      JniUtils.enableTrainingMode((PtSymbolBlock) model.getBlock());
      return new Program(model);
    } catch (MalformedModelException | RuntimeException e) {
      model.close();
      throw new IOException(file + ": is not a program that PyTorch can load", e);
    }
  }

  /** Returns the DJL model, for use with DJL's own predictors and trainers; owned by this. */
  public Model model() {
    return model;
  }

  /** Returns the manager that owns the module's tensors. */
  public NDManager manager() {
    return model.getNDManager();
  }

  /** Returns the module's parameters by their dotted names; owned by this. */
  public Map<String, NDArray> parameters() {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    for (Pair<String, Parameter> pair : model.getBlock().getDirectParameters()) {
      parameters.put(pair.getKey(), pair.getValue().getArray());
    }
    return parameters;
  }

  /**
   * Runs {@code forward}.
   *
   * @param input the input
   * @param training whether the module is in training mode and gradients are recorded
   * @return the output, owned by the input's manager
   */
  public NDArray forward(NDArray input, boolean training) {
    runAsWritten();
    return block().forward(parameterStore, new NDList(input), training).singletonOrThrow();
  }

  /**
   * Runs a method in inference mode.
   *
   * @param method the method; the module must have it
   * @param inputs its arguments, at least one; an array named {@code "x[]"} becomes part of a list
   *     of tensors
   * @return its results, owned by the manager of the first input
   */
  public NDList call(ProgramMethod method, NDArray... inputs) {
    return run(method, false, inputs);
  }

  /**
   * Runs a method in training mode. It may record gradients and call backward.
   *
   * @param method the method; the module must have it
   * @param inputs its arguments, at least one
   * @return its results, owned by the manager of the first input
   */
  public NDList callTraining(ProgramMethod method, NDArray... inputs) {
    return run(method, true, inputs);
  }

  private NDList run(ProgramMethod method, boolean training, NDArray... inputs) {
    runAsWritten();
    NDManager manager = inputs.length == 0 ? manager() : inputs[0].getManager();
    // DJL takes the method's name from the name of the first array and drops that array.
    try (NDArray name = manager.create(0f)) {
      name.setName("module_method:" + method.scriptName());
      NDList list = new NDList(name);
      list.addAll(Arrays.asList(inputs));
      return block().forward(parameterStore, list, training);
    }
  }

  /**
   * Turns libtorch's profiling executor off for this thread. The executor would derive its own
   * backward pass, which is slower and has another order of operations. It would also remove fused
   * updates as dead code.
   */
  public static void runAsWritten() {
    JniUtils.setGraphExecutorOptimize(false);
  }

  private Block block() {
    return model.getBlock();
  }

  @Override
  public void close() {
    model.close();
  }
}
