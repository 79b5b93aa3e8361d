package io.github.facemask.provenance;

import ai.djl.engine.Engine;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.processor.EngineSettings;
import io.github.facemask.internal.processor.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;

/** The environment that a result depends on: versions, machine and threads. */
public final class Environment {

  private Environment() {}

  /** Returns the versions and the machine as plain JSON values. */
  public static Map<String, Object> describe() {
    Runtime runtime = Runtime.getRuntime();
    ImmutableMap<String, String> settings = EngineSettings.here().given();
    return ImmutableMap.<String, Object>builder()
        .put("facemask", libraryVersion())
        .put("commit", commit())
        .put("djl", Engine.getDjlVersion())
        .put("engine", engine())
        .put("java", System.getProperty("java.version") + " " + System.getProperty("java.vendor"))
        .put(
            "os",
            System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch"))
        .put("processor", Processor.here().model())
        .put("processors", runtime.availableProcessors())
        .put("maxHeapMebibytes", runtime.maxMemory() >> 20)
        .putAll(settings.isEmpty() ? Map.of() : Map.of("instructionSettings", settings))
        .buildOrThrow();
  }

  /** Returns the version of this library, or {@code "unknown"} in a build without metadata. */
  public static String libraryVersion() {
    return buildProperty("version");
  }

  /**
   * Returns the git commit that this library was built from, with a plus sign if files were changed
   * since, or {@code "unknown"} if it was built outside of git.
   */
  public static String commit() {
    return buildProperty("commit");
  }

  private static String buildProperty(String key) {
    Properties properties = new Properties();
    try (InputStream in = Environment.class.getResourceAsStream("/facemask-version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    String value = properties.getProperty(key, "unknown");
    // A build outside of git leaves the placeholder.
    return value.startsWith("${") ? "unknown" : value;
  }

  private static String engine() {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      return engine.getEngineName() + " " + engine.getVersion();
    } catch (RuntimeException | LinkageError e) {
      return "none";
    }
  }
}
