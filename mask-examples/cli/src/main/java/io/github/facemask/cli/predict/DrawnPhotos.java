package io.github.facemask.cli.predict;

import com.google.common.base.Splitter;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import io.github.facemask.cli.predict.PhotoInputs.Input;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.files.WriteFailure;
import io.github.facemask.lab.annotation.FaceDrawing;
import io.github.facemask.lab.annotation.FaceMark;
import io.github.facemask.lab.annotation.FaceMark.Tone;
import io.github.facemask.label.MaskState;
import io.github.facemask.provenance.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes photos with boxes and labels into a folder. Names are those of the photos, without their
 * folders, and differ by a number if two photos have the same one. A photo is never written over.
 */
final class DrawnPhotos implements Closeable {

  private static final int QUALITY = 92;

  private final Path folder;

  /** Names each drawn photo with its SHA-256, so that only these are replaced by a later run. */
  private static final String LIST = ".drawn";

  private final PhotoDecoder decoder;
  private final Map<String, Input> inputs;

  /** The digests of each name. A killed run may have listed a photo that it did not write. */
  private final SetMultimap<String, String> listed = LinkedHashMultimap.create();

  /** The digests of the photos that were drawn now, by name. */
  private final Map<String, String> drawn = new LinkedHashMap<>();

  private final Map<String, Integer> used = new HashMap<>(); // numbers of names in lower case

  DrawnPhotos(Path folder, PhotoDecoder decoder, Map<String, Input> inputs) throws IOException {
    this.folder = folder;
    this.decoder = decoder;
    this.inputs = inputs;
    Files.createDirectories(folder);
    Path list = folder.resolve(LIST);
    if (Files.isRegularFile(list)) {
      for (String line : Splitter.on('\n').split(WholeFile.readText(list))) {
        List<String> parts = Splitter.on("  ").limit(2).splitToList(line);
        if (parts.size() == 2) {
          listed.put(parts.get(1), parts.get(0));
        }
      }
    }
  }

  /** Draws a photo that was answered. */
  void draw(PhotoAnswer answer) throws IOException {
    Input input = inputs.get(answer.photo());
    byte[] bytes = input.source().read();
    Pixels photo = decoder.decode(bytes, answer.photo());
    Pixels drawn = FaceDrawing.draw(photo, answer.faces().stream().map(DrawnPhotos::mark).toList());
    boolean jpeg = bytes[0] == (byte) 0xff;
    byte[] file = jpeg ? PhotoEncoder.jpeg(drawn, QUALITY) : PhotoEncoder.png(drawn);
    String name = input.file().map(path -> path.getFileName().toString()).orElse("stdin");
    Path target = target(name, jpeg ? ".jpg" : ".png");
    list(target.getFileName().toString(), Digest.ofBytes(file).hex());
    AtomicFile.write(target, out -> out.write(file));
  }

  /** Lists a photo before it is written, so that the run after a killed one may replace it. */
  private void list(String name, String digest) throws IOException {
    Path list = folder.resolve(LIST);
    if (listed.put(name, digest)) {
      try {
        Files.writeString(
            list,
            digest + "  " + name + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw WriteFailure.of(list, e);
      }
    }
    drawn.put(name, digest);
  }

  /** Writes which photos were drawn. */
  @Override
  public void close() throws IOException {
    StringBuilder list = new StringBuilder();
    drawn.keySet().forEach(listed::removeAll);
    drawn.forEach(listed::put);
    listed.forEach((name, digest) -> list.append(digest).append("  ").append(name).append('\n'));
    AtomicFile.writeText(folder.resolve(LIST), list.toString());
  }

  /** Whether a file may be written: there is none, or one that an earlier run drew. */
  private boolean isFree(Path target) throws IOException {
    return !Files.exists(target)
        || (Files.isRegularFile(target)
            && listed.containsEntry(target.getFileName().toString(), Digest.ofFile(target).hex()));
  }

  static FaceMark mark(PhotoAnswer.Subject face) {
    Tone tone =
        face.prediction()
            .answer()
            .mask()
            .map(mask -> mask == MaskState.WORN ? Tone.WORN : other(mask))
            .orElse(Tone.UNKNOWN);
    String label = face.words() + (face.fallback() ? ", no face found" : "");
    return new FaceMark(face.box().or(() -> face.crop().map(c -> c.crop())), label, tone);
  }

  private static Tone other(MaskState mask) {
    return mask == MaskState.NOT_WORN ? Tone.NOT_WORN : Tone.INCORRECT;
  }

  private Path target(String photo, String extension) throws IOException {
    int dot = photo.lastIndexOf('.');
    String stem = (dot > 0 ? photo.substring(0, dot) : photo).replaceAll("[\\p{Cntrl}\\\\/:]", "_");
    String key = (stem + extension).toLowerCase(Locale.ROOT);
    while (true) {
      int number = used.merge(key, 1, Integer::sum);
      String name = stem + (number == 1 ? "" : "-" + number) + extension;
      Path target = folder.resolve(name);
      // Another photo may have this very name, such as a-2.jpg.
      boolean free = number == 1 || used.putIfAbsent(name.toLowerCase(Locale.ROOT), 1) == null;
      if (free && isFree(target)) {
        return target;
      }
    }
  }
}
