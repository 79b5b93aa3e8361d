package io.github.facemask.internal.torchscript;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A TorchScript module as data: a tree of submodules that hold tensors under dotted names, and
 * methods on the root. Submodules hold data only, so a method is straight-line code that reads
 * tensors through {@link #reference(String)}.
 *
 * <p>Immutable. The methods are TorchScript source in the serialized form, which calls operators by
 * their full names ({@code torch.conv2d}, {@code ops.mkldnn...}).
 */
public final class ScriptModule {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*");

  private final Node root;
  private final ImmutableMap<String, String> listAttributes;
  private final ImmutableList<String> methods;

  private ScriptModule(Builder builder) {
    this.root = builder.root;
    this.listAttributes = ImmutableMap.copyOf(builder.attributes);
    this.methods = ImmutableList.copyOf(builder.methods);
  }

  /** Starts a module. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the expression by which a method reads a tensor of the module {@code self}.
   *
   * @param name a dotted name, for instance {@code "layer1.0.conv1.weight"}
   * @return TorchScript source
   */
  public static String reference(String name) {
    String expression = "self";
    for (String part : Splitter.on('.').split(name)) {
      expression =
          Character.isDigit(part.charAt(0))
              ? "getattr(" + expression + ", \"" + part + "\")"
              : expression + "." + part;
    }
    return expression;
  }

  Node root() {
    return root;
  }

  /** Attributes that start as empty lists or zero: name to TorchScript type. */
  ImmutableMap<String, String> attributes() {
    return listAttributes;
  }

  ImmutableList<String> methods() {
    return methods;
  }

  /** A tensor of the module. */
  record Slot(HostTensor tensor, boolean isParameter, MemoryLayout layout) {}

  /** A submodule: its own tensors and its children, in the order in which they were added. */
  static final class Node {
    final Map<String, Slot> tensors = new LinkedHashMap<>();
    final Map<String, Node> children = new LinkedHashMap<>();
  }

  /** Collects the parts of a module. Not thread-safe. */
  public static final class Builder {
    private final Node root = new Node();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<String> methods = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a trainable tensor.
     *
     * @param name its dotted name
     * @param tensor its value
     * @param layout its layout in the engine's memory
     * @return this builder
     */
    public Builder parameter(String name, HostTensor tensor, MemoryLayout layout) {
      return add(name, new Slot(tensor, true, layout));
    }

    /**
     * Adds a tensor that is not trained.
     *
     * @param name its dotted name
     * @param tensor its value
     * @return this builder
     */
    public Builder buffer(String name, HostTensor tensor) {
      return buffer(name, tensor, MemoryLayout.CONTIGUOUS);
    }

    /**
     * Adds a tensor that is not trained.
     *
     * @param name its dotted name
     * @param tensor its value
     * @param layout its layout in the engine's memory
     * @return this builder
     */
    public Builder buffer(String name, HostTensor tensor, MemoryLayout layout) {
      return add(name, new Slot(tensor, false, layout));
    }

    /**
     * Adds a root attribute that is an empty list of tensors until a method sets it.
     *
     * @param name its name
     * @return this builder
     */
    public Builder tensorList(String name) {
      checkArgument(!name.contains(".") && NAME.matcher(name).matches(), "attribute '%s'", name);
      attributes.put(name, "List[Tensor]");
      return this;
    }

    /**
     * Returns the memory layout of an added tensor.
     *
     * @param name its dotted name
     * @return its layout
     */
    public MemoryLayout layout(String name) {
      List<String> parts = Splitter.on('.').splitToList(name);
      Node node = root;
      for (String part : parts.subList(0, parts.size() - 1)) {
        node = node == null ? null : node.children.get(part);
      }
      Slot slot = node == null ? null : node.tensors.get(parts.get(parts.size() - 1));
      checkArgument(slot != null, "no tensor '%s' was added", name);
      return slot.layout();
    }

    /**
     * Adds a method.
     *
     * @param source lines beginning with {@code def}, not indented; {@code self} is of type {@code
     *     __torch__.Program}
     * @return this builder
     */
    public Builder method(String source) {
      checkArgument(source.startsWith("def "), "method begins '%s', expected 'def '", source);
      methods.add(source);
      return this;
    }

    /** Creates the module. */
    public ScriptModule build() {
      return new ScriptModule(this);
    }

    private Builder add(String name, Slot slot) {
      checkArgument(
          NAME.matcher(name).matches(),
          "tensor name is '%s', expected letters, digits and '_' in parts joined by '.'",
          name);
      List<String> parts = Splitter.on('.').splitToList(name);
      Node node = root;
      for (String part : parts.subList(0, parts.size() - 1)) {
        node = node.children.computeIfAbsent(part, p -> new Node());
      }
      String leaf = parts.get(parts.size() - 1);
      checkArgument(
          !node.children.containsKey(leaf) && node.tensors.put(leaf, slot) == null,
          "tensor name '%s' is taken, expected each once",
          name);
      return this;
    }
  }
}
