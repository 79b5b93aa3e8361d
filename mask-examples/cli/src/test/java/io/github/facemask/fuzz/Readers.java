package io.github.facemask.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every reader with a valid file of its own. */
final class Readers implements AutoCloseable {

  private final List<Reader> readers = new ArrayList<>();
  private final Services services = new Services();

  /** Writes a valid file for each reader. */
  static Readers in(Path folder) throws IOException {
    Readers all = new Readers();
    for (ReaderGroup group :
        List.of(
            new PhotoReaders(folder),
            new DataSetReaders(folder),
            new ModelReaders(folder, all.services),
            new RunReaders(folder))) {
      group.add();
      all.readers.addAll(group.readers);
    }
    byte[] photo = Files.readAllBytes(ReaderGroup.IMAGES.resolve("exif_orientation6.jpg"));
    all.readers.addAll(all.services.requests(folder, photo));
    return all;
  }

  List<Reader> all() {
    return readers;
  }

  /** Stops the servers. */
  @Override
  public void close() throws IOException {
    services.close();
  }
}
