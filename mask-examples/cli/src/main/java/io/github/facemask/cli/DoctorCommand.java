package io.github.facemask.cli;

import ai.djl.engine.Engine;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.backbone.PretrainedSource;
import io.github.facemask.cli.options.HubConsole;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.hub.Hub;
import io.github.facemask.internal.processor.CLibrary;
import io.github.facemask.internal.processor.EngineSettings;
import io.github.facemask.internal.processor.Machine;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.torchscript.EngineFeatures;
import io.github.facemask.provenance.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what this machine supports and what is missing. */
@Command(
    name = "doctor",
    header = "Checks versions, native libraries, devices and memory.",
    description = {
      "Shows versions, native libraries, devices and memory, and what to add if something is",
      "missing. Exit code 2 if training cannot run."
    },
    footer = {"", "Example: mask doctor"})
final class DoctorCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Runtime runtime = Runtime.getRuntime();
    line(out, "facemask", Environment.libraryVersion());
    line(
        out, "Java", System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    line(
        out,
        "machine",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ", "
            + runtime.availableProcessors()
            + " processors");
    MachineLines.of(Machine.here(), Processor.here(), EngineSettings.here(), CLibrary.here())
        .forEach((name, value) -> line(out, name, value));
    String engineThreads = System.getenv("OMP_NUM_THREADS");
    if (engineThreads != null) {
      line(
          out,
          "OMP_NUM_THREADS",
          engineThreads + ", the default number of threads; --threads overrides it");
    }
    line(out, "Java heap", (runtime.maxMemory() >> 20) + " MiB at most");
    line(out, "free disk here", freeDisk());
    published(out);
    boolean engine = engine(out);
    if (engine) {
      line(out, "bfloat16", bfloat16());
      line(out, "int8", int8());
    }
    boolean decoder = decoder(out);
    out.println(
        engine && decoder
            ? "All is there: photos can be read and networks can train."
            : "Something is missing; see above.");
    return engine && decoder ? 0 : 2;
  }

  /** Names the places of published files, and what is there. */
  private void published(PrintWriter out) {
    Hub hub = HubConsole.hub(spec);
    Map<Hub.Kind, List<String>> found = new EnumMap<>(Hub.Kind.class);
    try {
      for (PretrainedSource source : Backbones.pretrained()) {
        for (Hub.Place place :
            source.hubId().isEmpty() ? List.<Hub.Place>of() : hub.places(source.file())) {
          if (place.found().isPresent()) {
            found.computeIfAbsent(place.kind(), kind -> new ArrayList<>()).add(source.name());
          }
        }
      }
      boolean downloads = false;
      for (Hub.Place place : hub.places(FaceDetectors.YUNET)) {
        if (place.found().isPresent()) {
          found.computeIfAbsent(place.kind(), kind -> new ArrayList<>()).add("YuNet");
        }
        downloads |= place.kind() == Hub.Kind.DOWNLOAD;
        if (place.kind() != Hub.Kind.DOWNLOAD) {
          List<String> there = found.getOrDefault(place.kind(), List.of());
          line(
              out,
              "weights",
              HubConsole.word(place.kind())
                  + " "
                  + place.where()
                  + ": "
                  + (there.isEmpty() ? "nothing published" : String.join(", ", there)));
        }
      }
      line(
          out,
          "weights",
          downloads
              ? "others are downloaded when --weights pretrained asks for them"
              : "others are not downloaded: HF_HUB_OFFLINE is set");
    } catch (IOException | IllegalArgumentException e) {
      line(out, "weights", "cannot be looked for: " + e.getMessage());
    }
  }

  /** Asks the engine, which knows the processor and its own settings. */
  private static String bfloat16() {
    if (!EngineFeatures.computesBfloat16()) {
      return "not available: " + Processor.here().described() + " has no AVX-512 for it";
    }
    return Processor.here().multipliesBfloat16()
        ? "multiplied by the processor, which is the fastest"
        : "computed without instructions for it; float32 is faster";
  }

  private static String int8() {
    Processor processor = Processor.here();
    if (!processor.isKnown()) {
      return "unknown for this system";
    }
    return processor.addsBytesExactly()
        ? "multiplied by the processor (VNNI)"
        : "not available: " + processor.described() + " has no VNNI, so that sums overflow";
  }

  private static boolean engine(PrintWriter out) {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      line(out, "PyTorch", engine.getVersion() + ", by DJL " + Engine.getDjlVersion());
      ownLibrary(System.getenv("PYTORCH_LIBRARY_PATH"))
          .ifPresent(told -> line(out, "warning", told));
      int gpus = engine.getGpuCount();
      line(out, "GPU", gpus == 0 ? "none; training runs on the processor" : gpus + " found");
      return true;
    } catch (RuntimeException | LinkageError e) {
      line(out, "PyTorch", "MISSING: " + e.getMessage());
      out.println("  Add the native library of your machine to the class path, for instance");
      out.println("    ai.djl.pytorch:pytorch-native-cpu:2.7.1:" + classifier());
      out.println("  or name an installed PyTorch 2.7.1: PYTORCH_LIBRARY_PATH=<its lib folder>,");
      out.println("  PYTORCH_VERSION=2.7.1, PYTORCH_FLAVOR=cpu, or cu128 for an NVIDIA GPU.");
      out.println("  docs/natives.md has each case.");
      return false;
    }
  }

  /**
   * Warns of a folder without PyTorch: DJL then takes its own library without a word.
   *
   * @param given the folder that the variable names; null if it is not set
   */
  private static Optional<String> ownLibrary(String given) {
    return Optional.ofNullable(given)
        .filter(folder -> !Files.isRegularFile(Path.of(folder, System.mapLibraryName("torch"))))
        .map(
            folder ->
                "PYTORCH_LIBRARY_PATH is "
                    + folder
                    + ", which has no "
                    + System.mapLibraryName("torch")
                    + ", so another PyTorch is used; name the lib folder of an installed PyTorch");
  }

  private static boolean decoder(PrintWriter out) {
    try {
      org.bytedeco.javacpp.Loader.load(org.bytedeco.opencv.global.opencv_core.class);
      line(out, "OpenCV", org.bytedeco.opencv.global.opencv_core.CV_VERSION);
      return true;
    } catch (RuntimeException | LinkageError e) {
      line(out, "OpenCV", "MISSING: " + e.getMessage());
      out.println("  Add org.bytedeco:opencv-platform:4.13.0-1.5.13, or the three artifacts");
      out.println("  javacpp, openblas and opencv with your machine's classifier.");
      return false;
    }
  }

  private static String classifier() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.contains("mac")) {
      return "osx-aarch64";
    }
    if (os.contains("win")) {
      return "win-x86_64";
    }
    return System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x86_64";
  }

  private static String freeDisk() {
    try {
      long free = Files.getFileStore(Path.of("").toAbsolutePath()).getUsableSpace();
      return (free >> 30) + " GiB";
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf(Locale.ROOT, "%-15s %s%n", name, value);
  }
}
