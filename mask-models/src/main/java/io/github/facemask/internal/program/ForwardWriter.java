package io.github.facemask.internal.program;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the forward pass of a network as straight-line TorchScript, with one statement for each
 * operation. {@link ImageOperations} and {@link TokenOperations} write the single layers. One
 * instance writes one network. Not thread-safe.
 */
final class ForwardWriter {

  /** The variable of the factors of {@link DropMasks#draw}: float32 (B, columns). */
  static final String MASKS = "masks";

  private final Statements statements;
  private final ImageOperations images;
  private final TokenOperations tokens;
  private final DropMasks masks;
  private int branches;
  private final Map<String, String> outputs = new LinkedHashMap<>();
  private ImmutableSet<String> copied = ImmutableSet.of();
  private TokenEmbedding embedding;
  private String pooled;
  private String featureMap;

  /**
   * Creates the writer of a forward pass.
   *
   * @param precision the precision to compute in
   * @param layout the memory layout of the features
   * @param frozen tensors that are not trained; frozen norms keep their statistics
   */
  ForwardWriter(Precision precision, MemoryLayout layout, ImmutableSet<String> frozen) {
    this(precision, layout, frozen, DropMasks.NONE);
  }

  /**
   * Creates the writer of a forward pass that drops branches and inputs of the head.
   *
   * @param precision the precision to compute in
   * @param layout the memory layout of the features
   * @param frozen tensors that are not trained
   * @param masks what is dropped, by the variable {@link #MASKS}
   */
  ForwardWriter(
      Precision precision, MemoryLayout layout, ImmutableSet<String> frozen, DropMasks masks) {
    this.masks = masks;
    this.statements = new Statements(precision, false);
    this.images = new ImageOperations(statements, layout, frozen);
    this.tokens = new TokenOperations(statements, new PlainTokenKernels(statements));
  }

  /**
   * Writes the statements of a network.
   *
   * @return the variable that holds the float32 logits
   */
  String write(Network network, String photos) {
    String x = write(network.layers(), "", photos);
    images.countBatches();
    return x;
  }

  /** Keeps a copy of these layers' outputs. Call this before writing. */
  void copyOutputsOf(List<String> paths) {
    copied = ImmutableSet.copyOf(paths);
  }

  /** Returns the statements written so far, indented as a method's body. */
  String code() {
    return statements.code();
  }

  /** Returns the variable of each named layer's output, by its dotted path. */
  Map<String, String> outputs() {
    return outputs;
  }

  /** Returns the variable of the head's input (B, F). */
  String pooled() {
    return pooled;
  }

  /** Returns the variable of the features before pooling: (B, F, H, W). */
  String featureMap() {
    return featureMap;
  }

  private String write(Layer layer, String above, String x) {
    String path = Network.join(above, layer.name());
    String y = layer.accept(new At(path, x));
    if (!layer.name().isEmpty()) {
      // A later activation may work in place.
      outputs.put(path, copied.contains(path) ? statements.set("torch.clone(%s)", y) : y);
    }
    return y;
  }

  /** Writes one layer and records the features. */
  private final class At extends LayerWriter<String> {
    private final String x;

    At(String path, String x) {
      super(images, tokens, path);
      this.x = x;
    }

    @Override
    protected String input() {
      return x;
    }

    @Override
    protected String output(String variable) {
      return variable;
    }

    @Override
    public String visit(Sequential sequential) {
      String y = x;
      for (Layer child : sequential.children()) {
        y = write(child, path(), y);
      }
      return y;
    }

    @Override
    public String visit(Residual residual) {
      boolean drops = residual.dropPath() > 0 && !masks.branches().isEmpty();
      int branch = drops ? branches++ : 0;
      String body = write(residual.body(), path(), x);
      body = drops ? dropped(body, branch) : body;
      String shortcut = write(residual.shortcut(), path(), x);
      String sum = statements.set("torch.add(%s, %s)", body, shortcut);
      return activate(residual.activation(), sum);
    }

    @Override
    public String visit(TokenEmbedding tokenEmbedding) {
      embedding = tokenEmbedding;
      return tokens.embed(path(), write(tokenEmbedding.patchEmbedding(), path(), x));
    }

    @Override
    public String visit(Activation activation) {
      return activate(activation.kind(), x);
    }

    @Override
    public String visit(GlobalAveragePool pool) {
      featureMap = pool.channelsLast() ? statements.set("torch.permute(%s, [0, 3, 1, 2])", x) : x;
      return pool.channelsLast()
          ? statements.set("torch.mean(%s, [1, 2])", x)
          : statements.set("torch.flatten(%s, 1)", images.spatialMean(x));
    }

    @Override
    public String visit(Conv2d conv) {
      return images.conv(conv, path(), x);
    }

    @Override
    public String visit(MaxPool2d pool) {
      return images.maxPool(pool, x);
    }

    @Override
    public String visit(SqueezeExcite squeeze) {
      return images.squeezeExcite(squeeze, path(), x);
    }

    @Override
    public String visit(Linear linear) {
      pooled = linear.head() ? x : pooled;
      boolean drops = linear.head() && masks.features() > 0;
      return tokens.linear(linear, path(), drops ? droppedFeatures(x) : x);
    }

    @Override
    public String visit(Rearrangement rearrangement) {
      if (rearrangement.kind() == Rearrangement.Kind.FIRST_TOKEN) {
        featureMap = tokens.patchesAsImage(embedding, x);
      }
      return tokens.rearrange(rearrangement, x);
    }
  }

  /** One factor for each photo, over all other dimensions. */
  private String dropped(String x, int branch) {
    String column = statements.set("torch.select(%s, 1, %d)", MASKS, branch);
    String shape =
        statements.set(
            "torch.reshape(%s, torch.add([-1], torch.mul([1], torch.sub(torch.dim(%s), 1))))",
            column, x);
    return statements.set("torch.mul(%s, torch.to(%s, ops.prim.dtype(%s)))", x, shape, x);
  }

  private String droppedFeatures(String x) {
    String columns = statements.set("torch.slice(%s, 1, %d)", MASKS, masks.branches().size());
    return statements.set("torch.mul(%s, torch.to(%s, ops.prim.dtype(%s)))", x, columns, x);
  }

  private String activate(Kind kind, String x) {
    return switch (kind) {
      case IDENTITY -> x;
      // In place: the input of the activation is not read again, and backward needs only its
      // output.
      case RELU -> statements.set("torch.relu_(%s)", x);
      case SILU -> statements.set("torch.silu(%s)", x);
      case GELU -> statements.set("torch.gelu(%s)", x);
    };
  }
}
