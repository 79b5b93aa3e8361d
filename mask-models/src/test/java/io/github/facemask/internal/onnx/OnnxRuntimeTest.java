package io.github.facemask.internal.onnx;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.label.Attribute;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime where it is, and where it is not. */
class OnnxRuntimeTest {

  @Test
  void withoutItTheErrorSaysWhatToAdd() throws Exception {
    List<URL> others = new ArrayList<>();
    for (String entry :
        Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))) {
      if (!entry.contains("onnxruntime")) {
        others.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(others.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Method check = loader.loadClass(OnnxRuntime.class.getName()).getMethod("check", Path.class);

      assertThatThrownBy(() -> check.invoke(null, Path.of("model.onnx")))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage(
              "model.onnx: is an ONNX model, and ONNX Runtime is not on the class path; add"
                  + " com.microsoft.onnxruntime:onnxruntime to it, or export the model as"
                  + " TorchScript");
    }
    assertThatCode(() -> OnnxRuntime.check(Path.of("model.onnx"))).doesNotThrowAnyException();
  }

  @Test
  void aFileThatIsNoModelIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});

    assertThatThrownBy(() -> OnnxRuntime.load(file, ImmutableSet.of(Attribute.MASK), false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a model that ONNX Runtime can load");
  }
}
