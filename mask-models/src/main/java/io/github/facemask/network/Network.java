package io.github.facemask.network;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.network.Heads.JointLogits;
import io.github.facemask.preprocessing.Preprocessing;
import java.util.function.BiConsumer;

/**
 * A network: uint8 photos (B, H, W, 3), or normalised float32 ones (B, 3, H, W), to logits (B,
 * classes). Immutable; it holds no weights.
 *
 * @param architecture timm's name without tag, for instance {@code "resnet18"}
 * @param layers the whole network
 * @param classes the number of logits
 * @param heads how the last linear layer gives the classes
 * @param attributes the attributes that it answers; its classes are their labels, 18 for all three
 * @param preprocessing its preprocessing
 */
public record Network(
    String architecture,
    Sequential layers,
    int classes,
    Heads heads,
    ImmutableSet<Attribute> attributes,
    Preprocessing preprocessing) {

  private static final ImmutableSet<Attribute> ALL = ImmutableSet.copyOf(Attribute.values());

  /**
   * A network with one head.
   *
   * @param architecture timm's name without tag
   * @param layers the whole network
   * @param classes the number of logits
   * @param preprocessing its preprocessing
   */
  public Network(String architecture, Sequential layers, int classes, Preprocessing preprocessing) {
    this(architecture, layers, classes, Heads.CLASSES, ALL, preprocessing);
  }

  /**
   * Returns this network as one that answers some attributes.
   *
   * @param answered the attributes, whose labels are the logits in their order
   * @throws IllegalStateException if its number of logits is not that of the labels
   */
  public Network withAttributes(ImmutableSet<Attribute> answered) {
    int labels = FaceLabel.knowing(answered).size();
    checkState(classes == labels, "%s has %s logits, expected %s", architecture, classes, labels);
    return new Network(architecture, layers, classes, heads, answered, preprocessing);
  }

  /**
   * Returns this network with several heads: its logits are converted to those of the classes. With
   * {@link Heads#YEARS} the expected age is one more output.
   *
   * @param several the heads, not {@link Heads#CLASSES}
   * @param answered the attributes, each with a head
   * @throws IllegalStateException if its number of logits is not that of the heads
   */
  public Network withJointLogits(Heads several, ImmutableSet<Attribute> answered) {
    int logits = several.logits(answered);
    checkState(classes == logits, "%s has %s logits, expected %s", architecture, classes, logits);
    return new Network(
        architecture,
        Sequential.of(
            "", layers, new JointLogits("", several.sizes(answered), several == Heads.YEARS)),
        FaceLabel.knowing(answered).size(),
        several,
        answered,
        preprocessing);
  }

  /**
   * Returns this network without the conversion of {@link #withJointLogits}: its outputs are the
   * concatenated logits of the heads.
   *
   * @throws IllegalStateException if it has one head
   */
  public Network withoutJointLogits() {
    checkState(heads != Heads.CLASSES, "%s has one head, expected several", architecture);
    Sequential inner = (Sequential) layers.children().get(0);
    return new Network(
        architecture, inner, heads.logits(attributes), Heads.CLASSES, attributes, preprocessing);
  }

  /** Returns whether the expected age in years is one more output after the classes. */
  public boolean answersYears() {
    return heads == Heads.YEARS;
  }

  /** Returns all tensors with their dotted names, in the order of timm's state_dict. */
  public ImmutableList<TensorSpec> tensors() {
    ImmutableList.Builder<TensorSpec> all = ImmutableList.builder();
    visit(layers, "", (layer, path) -> layer.tensors().forEach(t -> all.add(t.under(path))));
    return all.build();
  }

  /** Returns the names of the tensors of the head: its weights and biases. */
  public ImmutableSet<String> headNames() {
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    forEachLayer(
        (layer, path) -> {
          if (layer instanceof Linear linear && linear.head()) {
            linear.tensors().forEach(tensor -> names.add(tensor.under(path).name()));
          }
        });
    return names.build();
  }

  /** Returns the number of trainable values. */
  public long parameterCount() {
    return tensors().stream()
        .filter(t -> t.role().isTrainable())
        .mapToLong(t -> t.shape().size())
        .sum();
  }

  /**
   * Returns the multiply-adds (MACs) for one photo of the network's input size, as PyTorch's flop
   * counter counts them: those of convolutions, linear layers and attention.
   */
  public long multiplyAdds() {
    return MultiplyAdds.of(this);
  }

  /**
   * Joins a path and a layer's name.
   *
   * @param path the path above, may be empty
   * @param name the layer's name, may be empty
   * @return the dotted path
   */
  public static String join(String path, String name) {
    if (path.isEmpty() || name.isEmpty()) {
      return path + name;
    }
    return path + "." + name;
  }

  /**
   * Visits every layer with its path, in the order of the tensors.
   *
   * @param visitor receives a layer and its dotted path
   */
  public void forEachLayer(BiConsumer<Layer, String> visitor) {
    visit(layers, "", visitor);
  }

  private static void visit(Layer layer, String above, BiConsumer<Layer, String> visitor) {
    String path = join(above, layer.name());
    visitor.accept(layer, path);
    for (Layer child : layer.children()) {
      visit(child, path, visitor);
    }
  }
}
