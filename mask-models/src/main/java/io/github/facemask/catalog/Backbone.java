package io.github.facemask.catalog;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.label.FaceClass;
import io.github.facemask.network.Initialization;
import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import io.github.facemask.program.ProgramModel;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.training.LearningModel;
import io.github.facemask.training.LearningSetup;
import io.github.facemask.training.TrainableNetwork;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A backbone with a head for the 18 classes. Immutable: each {@code opt} method returns another
 * value.
 */
public final class Backbone implements TrainableNetwork {

  private final BackboneSource source;
  private final int height;
  private final int width;
  private final Subject subject;

  private Backbone(BackboneSource source, int height, int width, Subject subject) {
    this.source = source;
    this.height = height;
    this.width = width;
    this.subject = subject;
  }

  static Backbone of(BackboneSource source) {
    Preprocessing own = source.network(FaceClass.COUNT, 0, 0).preprocessing();
    return new Backbone(source, own.height(), own.width(), Subject.WHOLE_PHOTO);
  }

  /**
   * Sets the input size; without it, the size of the published weights.
   *
   * @param newHeight in pixels
   * @param newWidth in pixels
   * @return the changed backbone
   */
  public Backbone optInputSize(int newHeight, int newWidth) {
    return new Backbone(source, newHeight, newWidth, subject);
  }

  /**
   * Sets which part of a photo the network sees; without it, the whole.
   *
   * @param newSubject which part
   * @return the changed backbone
   */
  public Backbone optSubject(Subject newSubject) {
    return new Backbone(source, height, width, newSubject);
  }

  @Override
  public String architecture() {
    return network().architecture();
  }

  @Override
  public Preprocessing preprocessing() {
    return network().preprocessing();
  }

  /** Returns the network's description, with 18 logits. */
  public Network network() {
    return network(FaceClass.COUNT);
  }

  /**
   * Returns the network's description.
   *
   * @param classes the number of logits
   * @return the description
   */
  public Network network(int classes) {
    Network network = source.network(classes, height, width);
    return new Network(
        network.architecture(),
        network.layers(),
        network.classes(),
        network.preprocessing().withSize(height, width).withSubject(subject));
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "architecture",
        architecture(),
        "weights",
        "random",
        "parameters",
        network().parameterCount(),
        "height",
        height,
        "width",
        width,
        "subject",
        subject.name());
  }

  @Override
  public LearningModel prepare(LearningSetup setup) throws IOException {
    Network network = network();
    Map<String, HostTensor> weights = Initialization.random(network, setup.seed());
    return ProgramModel.load(network, weights, setup, List.of());
  }
}
