package io.github.facemask.learning;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small photos in files, whose colour tells their class. */
public final class PhotoFiles {

  private static final int SIDE = 48;

  private PhotoFiles() {}

  /**
   * Writes photos of people, three each.
   *
   * @param folder where to
   * @param people how many
   * @return the photos with their labels
   */
  public static PhotoSet write(Path folder, int people) throws IOException {
    Files.createDirectories(folder);
    List<FacePhoto> photos = new ArrayList<>();
    for (int person = 0; person < people; person++) {
      for (int k = 0; k < 3; k++) {
        FaceClass faceClass = FaceClass.ofId((person * 3 + k) % FaceClass.COUNT);
        String id = "person" + person + "/" + k;
        Path file = folder.resolve("p" + person + "-" + k + ".png");
        Files.write(file, PhotoEncoder.png(draw(faceClass.id(), person)));
        photos.add(new FacePhoto(new Photo(id, file), "person" + person, 40, faceClass));
      }
    }
    return PhotoSet.of(photos);
  }

  private static Pixels draw(int id, int seed) {
    RandomStream random = RandomStream.of(seed, "photo file", id);
    byte[] rgb = new byte[SIDE * SIDE * Pixels.CHANNELS];
    for (int i = 0; i < rgb.length; i++) {
      int colour = i % 3 == 0 ? id * 14 : i % 3 == 1 ? 255 - id * 14 : 100;
      rgb[i] = (byte) Math.min(255, colour * 3 / 4 + random.nextInt(40));
    }
    return Pixels.wrap(SIDE, SIDE, rgb);
  }
}
