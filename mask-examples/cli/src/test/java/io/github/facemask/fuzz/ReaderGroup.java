package io.github.facemask.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Readers of one subject, each with a valid file of its own below a folder. */
abstract class ReaderGroup {

  static final Path IMAGES = Path.of("../../mask-augment/src/test/resources/images");

  final Path folder;
  final List<Reader> readers = new ArrayList<>();

  ReaderGroup(Path folder) {
    this.folder = folder;
  }

  /** Writes a valid file for each reader, and adds the readers. */
  abstract void add() throws IOException;

  final Path copy(Path from, String to) throws IOException {
    Path target = folder.resolve(to);
    Files.createDirectories(target.getParent());
    return Files.copy(from, target);
  }

  final Path write(String to, String text) throws IOException {
    Path target = folder.resolve(to);
    Files.createDirectories(target.getParent());
    return Files.writeString(target, text);
  }

  /** Writes a folder in the competition's layout. */
  final void writePhotos(Path data) throws IOException {
    StringBuilder people = new StringBuilder("id,gender,race,age,path\n");
    StringBuilder info = new StringBuilder("ImageID,ans\n");
    for (int i = 0; i < 12; i++) {
      String gender = i % 2 == 0 ? "male" : "female";
      String id = String.format("%06d", i);
      String person = id + "_" + gender + "_Asian_" + (20 + 5 * i);
      people.append(id + "," + gender + ",Asian," + (20 + 5 * i) + "," + person + "\n");
      for (String name :
          List.of("mask1", "mask2", "mask3", "mask4", "mask5", "incorrect_mask", "normal")) {
        copy(
            IMAGES.resolve("q90.jpg"),
            folder.relativize(data) + "/train/images/" + person + "/" + name + ".jpg");
      }
      copy(IMAGES.resolve("q90.jpg"), folder.relativize(data) + "/eval/images/e" + i + ".jpg");
      info.append("e" + i + ".jpg,0\n");
    }
    Files.writeString(data.resolve("train/train.csv"), people.toString());
    Files.writeString(data.resolve("eval/info.csv"), info.toString());
  }
}
