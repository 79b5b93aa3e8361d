package io.github.facemask.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.network.Layer.Visitor;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LayerVisitorTest {

  /** So that a new kind of layer is a compile error wherever layers are told apart. */
  @Test
  void hasAnAbstractMethodForEachKindOfLayer() {
    Method[] methods = Visitor.class.getMethods();

    assertThat(Arrays.stream(methods).map(method -> method.getParameterTypes()[0]))
        .containsExactlyInAnyOrder(Layer.class.getPermittedSubclasses());
    assertThat(methods).noneMatch(Method::isDefault);
  }
}
