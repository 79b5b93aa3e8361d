package io.github.facemask.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.batchtransform.BatchTransform;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.pipeline.StoredForm;
import io.github.facemask.internal.program.TrainingProgram;
import io.github.facemask.internal.torchscript.ScriptArchive;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes the programs that libtorch gets from facemask, without their weights, for {@code
 * benchmarks/gpu/run.py}: {@code GpuPack FOLDER COMMIT}. The weights are zeros, and tensors of
 * zeros have no bytes in the pack.
 */
public final class GpuPack {

  private record Case(String backbone, int size, int batch) {}

  private static final List<Case> CASES =
      List.of(
          new Case("resnet18", 224, 256),
          new Case("tf_efficientnet_b4", 380, 64),
          new Case("swin_base_patch4_window12_384", 384, 32),
          new Case("vit_base_r50_s16_384", 384, 32));

  private final Path folder;
  private final List<Map<String, Object>> entries = new ArrayList<>();

  private GpuPack(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the pack.
   *
   * @param args the folder, and the commit that the programs are of
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("GpuPack: " + args.length + " arguments; expected FOLDER COMMIT");
      System.exit(2);
    }
    GpuPack pack = new GpuPack(Path.of(args[0]));
    Files.createDirectories(pack.folder);
    for (Case one : CASES) {
      pack.write(one);
    }
    Files.write(
        pack.folder.resolve("pack.json"),
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsBytes(ImmutableMap.of("commit", args[1], "networks", pack.entries)));
  }

  private void write(Case one) throws IOException {
    Network network = Backbones.get(one.backbone()).withInputSize(one.size(), one.size()).network();
    ImmutableMap.Builder<String, HostTensor> zeros = ImmutableMap.builder();
    for (TensorSpec spec : network.tensors()) {
      int values = Math.toIntExact(spec.shape().size());
      zeros.put(
          spec.name(),
          spec.type() == DataType.INT64
              ? HostTensor.ofLongs(spec.shape(), new long[values])
              : HostTensor.ofFloats(spec.shape(), new float[values]));
    }
    Map<String, HostTensor> weights = zeros.buildOrThrow();
    for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
      TrainingConfig setup =
          new TrainingConfig(
              Device.cpu(),
              precision,
              CrossEntropy.plain(),
              AdamW.of(3e-4, 0.05),
              Double.POSITIVE_INFINITY,
              0,
              MemoryLayout.CHANNELS_LAST,
              7);
      String end = precision.name().toLowerCase(Locale.ROOT) + ".pt";
      pack(one.backbone() + "-training-" + end, TrainingProgram.write(network, weights, setup));
      pack(
          one.backbone() + "-portable-" + end,
          ExportProgram.write(network, weights, precision, Target.PORTABLE).module());
    }
    pack(one.backbone() + "-transform.pt", BatchTransform.program(network.preprocessing()));
    entries.add(
        ImmutableMap.of(
            "backbone", one.backbone(),
            "size", one.size(),
            "batch", one.batch(),
            "stored", StoredForm.side(network.preprocessing()),
            "mean", network.preprocessing().mean(),
            "std", network.preprocessing().std()));
  }

  /** Writes a program without the bytes of tensors of zeros. */
  private void pack(String name, ScriptModule module) throws IOException {
    Path whole = Files.createTempFile("facemask-pack", ".pt");
    try {
      ScriptArchive.write(module, whole);
      try (ZipFile from = new ZipFile(whole.toFile());
          OutputStream out = Files.newOutputStream(folder.resolve(name));
          ZipOutputStream to = new ZipOutputStream(out)) {
        for (ZipEntry entry : from.stream().map(ZipEntry.class::cast).toList()) {
          byte[] bytes = from.getInputStream(entry).readAllBytes();
          if (entry.getName().contains("/data/") && isZero(bytes)) {
            continue;
          }
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
          to.putNextEntry(copy);
          to.write(bytes);
        }
      }
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static boolean isZero(byte[] bytes) {
    for (byte each : bytes) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }
}
