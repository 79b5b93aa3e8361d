package io.github.facemask.internal.program;

import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Heads.JointLogits;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.TokenLayer.PatchMerging;

/**
 * Writes one layer of a network. This class has the layers that are the same in training and
 * exported programs; each kind of program adds the others. One instance writes one layer. Not
 * thread-safe.
 *
 * @param <V> the type of a written result
 */
public abstract class LayerWriter<V> implements Visitor<V> {

  private final ImageOperations images;
  private final TokenOperations tokens;
  private final String path;

  /**
   * Creates the writer of a layer.
   *
   * @param images writes layers of images
   * @param tokens writes layers of tokens
   * @param path the layer's dotted path
   */
  protected LayerWriter(ImageOperations images, TokenOperations tokens, String path) {
    this.images = images;
    this.tokens = tokens;
    this.path = path;
  }

  /** Returns the variable of the layer's floating-point input. */
  protected abstract String input();

  /**
   * Wraps a result.
   *
   * @param variable the variable of a floating-point result
   */
  protected abstract V output(String variable);

  /** Returns the layer's dotted path. */
  protected final String path() {
    return path;
  }

  @Override
  public final V visit(StandardizedConv2d conv) {
    return output(images.standardizedConv(conv, path, input()));
  }

  @Override
  public final V visit(BatchNorm2d norm) {
    return output(images.batchNorm(norm, path, input()));
  }

  @Override
  public final V visit(GroupNorm norm) {
    return output(images.groupNorm(norm, path, input()));
  }

  @Override
  public final V visit(SamePadding padding) {
    return output(images.samePadding(padding, input()));
  }

  @Override
  public final V visit(LayerNorm norm) {
    return output(tokens.layerNorm(norm, path, input()));
  }

  @Override
  public final V visit(SelfAttention attention) {
    return output(tokens.selfAttention(attention, path, input()));
  }

  @Override
  public final V visit(WindowAttention attention) {
    return output(tokens.windowAttention(attention, path, input()));
  }

  @Override
  public final V visit(PatchMerging merging) {
    return output(tokens.mergePatches(merging, input()));
  }

  @Override
  public final V visit(JointLogits joint) {
    return output(tokens.jointLogits(joint, input()));
  }
}
