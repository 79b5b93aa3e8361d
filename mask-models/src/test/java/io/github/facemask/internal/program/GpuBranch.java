package io.github.facemask.internal.program;

import ai.djl.Device;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ScriptArchive;
import io.github.facemask.internal.torchscript.ScriptModule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Loads a program so that it takes on the CPU the branches that are written for a GPU. */
public final class GpuBranch {

  private static final String CONDITION = "ops.prim.is_cuda(";

  private GpuBranch() {}

  /**
   * Loads a program onto the CPU.
   *
   * @param module the program; it must have a branch for a GPU
   * @param folder receives the files
   */
  public static Program load(ScriptModule module, Path folder) throws IOException {
    Path written = folder.resolve("written.pt");
    Path changed = folder.resolve("changed.pt");
    ScriptArchive.write(module, written);
    try (ZipFile from = new ZipFile(written.toFile());
        OutputStream out = Files.newOutputStream(changed);
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry : (Iterable<ZipEntry>) from.stream().map(e -> (ZipEntry) e)::iterator) {
        byte[] bytes = from.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".py")) {
          String code = new String(bytes, StandardCharsets.US_ASCII);
          if (!code.contains(CONDITION)) {
            throw new IllegalArgumentException("the program has no branch for a GPU");
          }
          // True of every feature.
          bytes =
              code.replace(CONDITION, "torch.is_floating_point(")
                  .getBytes(StandardCharsets.US_ASCII);
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setMethod(ZipEntry.STORED);
        copy.setSize(bytes.length);
        copy.setCrc(crc.getValue());
        to.putNextEntry(copy);
        to.write(bytes);
      }
    }
    return Program.load(changed, Device.cpu());
  }
}
