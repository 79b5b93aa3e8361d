package io.github.facemask.internal.cards;

import io.github.facemask.dataset.PhotoListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The record of a model's run, which is copied with exports and ensembles of the model. */
public final class RunRecord {

  /** The file name of a copied run record beside a card. */
  public static final String FILE = "origin-run.json";

  private RunRecord() {}

  /**
   * Finds the record of the run that trained a model.
   *
   * @param model a model's folder, in a run or with a copy of the record
   * @return the file; empty if there is no record
   */
  public static Optional<Path> find(Path model) {
    Path folder = model.toAbsolutePath().normalize();
    if (Files.isRegularFile(folder.resolve(FILE))) {
      return Optional.of(folder.resolve(FILE));
    }
    for (int up = 0; up < 2; up++) {
      folder = folder.getParent();
      if (folder == null) {
        return Optional.empty();
      }
      if (Files.isRegularFile(folder.resolve("run.json"))) {
        return Optional.of(folder.resolve("run.json"));
      }
    }
    return Optional.empty();
  }

  /**
   * Copies the record and the digests of the photos. Does nothing if there is no record.
   *
   * @param model a model's folder, in a run or with a copy of the record
   * @param to an existing folder
   * @throws IOException if they cannot be copied
   */
  public static void copy(Path model, Path to) throws IOException {
    Optional<Path> record = find(model);
    if (record.isEmpty()) {
      return;
    }
    Files.copy(record.get(), to.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    Path photos = record.get().resolveSibling(PhotoListing.FILE);
    if (Files.isRegularFile(photos)) {
      Files.copy(photos, to.resolve(PhotoListing.FILE), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
