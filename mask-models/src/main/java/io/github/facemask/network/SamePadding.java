package io.github.facemask.network;

/**
 * The border that lets windows cover every pixel, as TensorFlow's "SAME" has it: (B, C, H, W) such
 * that a window without padding gives ceil(H / stride) x ceil(W / stride). Where the border is odd,
 * the right and bottom are wider, so it depends on the size of the input.
 *
 * @param name its part of the path
 * @param kernel side of the windows that follow
 * @param stride step of the windows that follow
 * @param value what the border holds
 */
public record SamePadding(String name, int kernel, int stride, double value) implements Layer {

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
