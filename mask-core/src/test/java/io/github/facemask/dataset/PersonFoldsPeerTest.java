package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.label.FaceClass;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folds share the classes at least as evenly as the best of six deals of scikit-learn's
 * StratifiedGroupKFold; {@code benchmarks/peers/fold_balance.py} made the figures.
 */
class PersonFoldsPeerTest {

  static Stream<JsonNode> cases() throws IOException {
    try (InputStream in =
        PersonFoldsPeerTest.class.getResourceAsStream("/golden/fold-balance-scikit-learn.json")) {
      JsonNode peer = new ObjectMapper().readTree(in);
      assertThat(peer.path("library").asText()).startsWith("scikit-learn");
      return StreamSupport.stream(peer.path("cases").spliterator(), false);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everySeedIsAsEvenAsTheBestOfThePeer(JsonNode peer) {
    PhotoSet photos = photos(peer);
    int count = peer.path("folds").asInt();

    for (int seed = 0; seed < 5; seed++) {
      double[] ours = imbalance(photos, PersonFolds.builder(photos, count).optSeed(seed).build());
      assertThat(ours[0]).as("largest").isLessThanOrEqualTo(best(peer.path("largest")) + 1e-12);
      assertThat(ours[1]).as("rms").isLessThanOrEqualTo(best(peer.path("rms")) + 1e-12);
    }
  }

  private static double best(JsonNode deals) {
    return StreamSupport.stream(deals.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .min()
        .orElseThrow();
  }

  private static double[] imbalance(PhotoSet photos, PersonFolds folds) {
    int[] all = photos.classCounts();
    double largest = 0;
    double squares = 0;
    int cells = 0;
    for (Split fold : folds.folds()) {
      int[] counts = fold.validation().classCounts();
      for (int id = 0; id < all.length; id++) {
        if (all[id] > 0) {
          double distance = Math.abs(counts[id] / (double) all[id] - 1.0 / folds.count());
          largest = Math.max(largest, distance);
          squares += distance * distance;
          cells++;
        }
      }
    }
    return new double[] {largest, Math.sqrt(squares / cells)};
  }

  private static PhotoSet photos(JsonNode peer) {
    if (peer.path("people").isEmpty()) {
      return Photos.people(549, 410, 83, 732, 817, 109);
    }
    List<FacePhoto> photos = new ArrayList<>();
    int person = 0;
    for (JsonNode counts : peer.path("people")) {
      for (int id = 0; id < FaceClass.COUNT; id++) {
        for (int i = 0; i < counts.get(id).asInt(); i++) {
          photos.add(Photos.photo("p" + person, id + "." + i, 30, FaceClass.ofId(id)));
        }
      }
      person++;
    }
    return PhotoSet.of(photos);
  }
}
