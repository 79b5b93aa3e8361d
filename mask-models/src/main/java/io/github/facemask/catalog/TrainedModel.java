package io.github.facemask.catalog;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.inference.PhotoClassifier;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.program.InferenceProgram;
import io.github.facemask.script.Program;
import io.github.facemask.training.Precision;
import java.io.IOException;
import java.nio.file.Path;

/** A trained model in the engine. Safe to share between threads. */
public final class TrainedModel implements PhotoClassifier {

  private final ModelFolder folder;
  private final Program program;

  private TrainedModel(ModelFolder folder, Program program) {
    this.folder = folder;
    this.program = program;
  }

  /**
   * Opens a model that training wrote.
   *
   * @param path its folder
   * @param device where to run it
   * @param precision with which numbers
   * @return the model, which the caller closes
   * @throws IOException if it cannot be read, or its weights were changed
   */
  public static TrainedModel open(Path path, Device device, Precision precision)
      throws IOException {
    ModelFolder folder = ModelFolder.open(path);
    Network network =
        Backbones.get(folder.architecture())
            .optPreprocessing(folder.preprocessing())
            .optHeads(folder.heads())
            .network();
    Program program =
        Program.load(InferenceProgram.write(network, folder.weights(), precision), device);
    return new TrainedModel(folder, program);
  }

  /** Returns the model's card: its preprocessing, origin and digest. */
  public ModelFolder folder() {
    return folder;
  }

  @Override
  public NDManager manager() {
    return program.manager();
  }

  @Override
  public NDArray classify(NDArray photos) {
    return program.call("classify", photos).singletonOrThrow();
  }

  /**
   * Returns what the head sees of photos, for instance to compare or cluster them.
   *
   * @param photos uint8 (B, H, W, 3), RGB, of the network's input size
   * @return float32 (B, F), owned by the manager of the photos
   */
  public NDArray features(NDArray photos) {
    return program.call("features", photos).singletonOrThrow();
  }

  /**
   * Returns the features before their pixels or patches become one vector.
   *
   * @param photos uint8 (B, H, W, 3), RGB, of the network's input size
   * @return float32 (B, F, h, w), owned by the manager of the photos
   */
  public NDArray featureMap(NDArray photos) {
    return program.call("feature_map", photos).singletonOrThrow();
  }

  @Override
  public void close() {
    program.close();
  }
}
