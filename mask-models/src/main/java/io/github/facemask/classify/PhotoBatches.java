package io.github.facemask.classify;

import com.google.common.collect.Iterables;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads photos in batches, those of a batch in parallel; one that cannot be read has its error. */
record PhotoBatches(PhotoCropper cropper, int size) {

  /** The bytes of a photo's file. */
  @FunctionalInterface
  interface Source {
    byte[] read() throws IOException;
  }

  /**
   * A photo to read.
   *
   * @param name its name in answers and messages
   * @param file its file
   */
  record Named(String name, Source file) {}

  /**
   * A photo that was read, or not.
   *
   * @param name its name
   * @param photo the photo; empty if it cannot be read
   * @param error why it cannot be read
   */
  record Read(String name, Optional<CroppedPhoto> photo, Optional<IOException> error) {}

  /**
   * Photos that are classified together.
   *
   * @param photos the photos, in order
   */
  record Batch(List<Read> photos) {

    /** Returns the photos that could be read, in order. */
    List<CroppedPhoto> readable() {
      return photos.stream().flatMap(read -> read.photo().stream()).toList();
    }
  }

  static Iterable<Named> of(Iterable<Path> files) {
    return Iterables.transform(files, file -> new Named(file.toString(), () -> bytes(file)));
  }

  static byte[] bytes(Path photo) throws IOException {
    if (!Files.isRegularFile(photo)) {
      throw new InvalidFileException(photo, Problem.saying("there is no such photo"));
    }
    return Files.readAllBytes(photo);
  }

  /** Reads all photos; each batch is passed on before the next one is read. */
  void read(Iterable<Named> photos, Consumer<Batch> batches) {
    for (List<Named> some : Iterables.partition(photos, size)) {
      batches.accept(new Batch(some.parallelStream().map(this::read).toList()));
    }
  }

  private Read read(Named photo) {
    try {
      CroppedPhoto decoded = cropper.decode(photo.file().read(), photo.name());
      return new Read(photo.name(), Optional.of(decoded), Optional.empty());
    } catch (IOException e) {
      return new Read(photo.name(), Optional.empty(), Optional.of(e));
    }
  }
}
