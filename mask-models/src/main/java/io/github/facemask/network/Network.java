package io.github.facemask.network;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.FaceClass;
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
 * @param preprocessing its preprocessing
 */
public record Network(
    String architecture, Sequential layers, int classes, Heads heads, Preprocessing preprocessing) {

  /**
   * A network with one head.
   *
   * @param architecture timm's name without tag
   * @param layers the whole network
   * @param classes the number of logits
   * @param preprocessing its preprocessing
   */
  public Network(String architecture, Sequential layers, int classes, Preprocessing preprocessing) {
    this(architecture, layers, classes, Heads.CLASSES, preprocessing);
  }

  /**
   * Returns this network with {@link Heads#ATTRIBUTES}: its logits are converted to those of the 18
   * classes.
   *
   * @throws IllegalStateException if its number of logits is not that of the three heads
   */
  public Network withJointLogits() {
    checkState(
        classes == Heads.ATTRIBUTES.logits(),
        "%s has %s logits, expected %s",
        architecture,
        classes,
        Heads.ATTRIBUTES.logits());
    return new Network(
        architecture,
        Sequential.of("", layers, new JointLogits("", Heads.ATTRIBUTES.sizes())),
        FaceClass.COUNT,
        Heads.ATTRIBUTES,
        preprocessing);
  }

  /** Returns all tensors with their dotted names, in the order of timm's state_dict. */
  public ImmutableList<TensorSpec> tensors() {
    ImmutableList.Builder<TensorSpec> all = ImmutableList.builder();
    visit(layers, "", (layer, path) -> layer.tensors().forEach(t -> all.add(t.under(path))));
    return all.build();
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
