package io.github.facemask.cli.predict;

import io.github.facemask.cli.predict.PhotoInputs.Input;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.lab.annotation.FaceDrawing;
import io.github.facemask.lab.annotation.FaceMark;
import io.github.facemask.lab.annotation.FaceMark.Tone;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes photos with boxes and labels into a folder. Names are those of the photos, without their
 * folders, and differ by a number if two photos have the same one. A photo is never written over.
 */
final class DrawnPhotos {

  private static final int QUALITY = 92;

  private final Path folder;
  private final PhotoDecoder decoder;
  private final Map<String, Input> inputs;
  private final Set<Path> originals = new HashSet<>();
  private final Map<String, Integer> used = new HashMap<>(); // numbers of names in lower case

  DrawnPhotos(Path folder, PhotoDecoder decoder, Map<String, Input> inputs) throws IOException {
    this.folder = folder;
    this.decoder = decoder;
    this.inputs = inputs;
    Files.createDirectories(folder);
    for (Input input : inputs.values()) {
      if (input.file().isPresent() && Files.exists(input.file().get())) {
        originals.add(input.file().get().toRealPath());
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
    AtomicFile.write(target(name, jpeg ? ".jpg" : ".png"), out -> out.write(file));
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
      boolean original = Files.exists(target) && originals.contains(target.toRealPath());
      // Another photo may have this very name, such as a-2.jpg.
      boolean free = number == 1 || used.putIfAbsent(name.toLowerCase(Locale.ROOT), 1) == null;
      if (!original && free) {
        return target;
      }
    }
  }
}
