package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.facemask.label.FaceClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhotoSetTest {

  @Test
  void theDigestIgnoresOrderAndPlaceButNotLabels() {
    FacePhoto a = Photos.photo("a", "x", 20, FaceClass.ofId(0));
    FacePhoto b = Photos.photo("b", "y", 40, FaceClass.ofId(1));
    FacePhoto elsewhere =
        new FacePhoto(new Photo("a/x", Path.of("/other/disk/x.jpg")), "a", 20, FaceClass.ofId(0));
    FacePhoto relabelled = Photos.photo("b", "y", 40, FaceClass.ofId(4));

    assertThat(PhotoSet.of(List.of(b, elsewhere)).digest())
        .isEqualTo(PhotoSet.of(List.of(a, b)).digest())
        .isNotEqualTo(PhotoSet.of(List.of(a, relabelled)).digest());
  }

  @Test
  void anIdThatOccursTwiceIsNamed() {
    FacePhoto a = Photos.photo("a", "x", 20, FaceClass.ofId(0));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoSet.of(List.of(a, a)))
        .withMessageContaining("'a/x' occurs twice");
  }

  @Test
  void theSetDoesNotFollowItsSource() {
    List<FacePhoto> source = new ArrayList<>(Photos.people(2).stream().toList());
    PhotoSet set = PhotoSet.of(source);
    Collections.reverse(source);
    source.remove(0);

    assertThat(set.size()).isEqualTo(14);
    assertThat(set.get(0).photo().id()).isEqualTo("p0.0/mask1");
  }

  @Test
  void countsPhotosOfEachClass() {
    int[] counts = Photos.people(2, 0, 0, 0, 0, 1).classCounts();

    assertThat(counts).containsExactly(10, 0, 0, 0, 0, 5, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1);
  }
}
