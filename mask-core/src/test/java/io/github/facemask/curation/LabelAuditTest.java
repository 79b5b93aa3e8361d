package io.github.facemask.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.curation.LabelAudit.DoubtfulLabel;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Photos;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelAuditTest {

  private static final FaceClass YOUNG_WOMAN =
      new FaceClass(MaskState.NOT_WORN, Gender.FEMALE, AgeGroup.UNDER_30);
  private static final FaceClass OLD_MAN =
      new FaceClass(MaskState.NOT_WORN, Gender.MALE, AgeGroup.FROM_60);

  @TempDir Path folder;

  /** The figures were made by {@code benchmarks/peers/label_audit.py}. */
  @Test
  void findsTheLabelsThatCleanlabFinds() throws IOException {
    JsonNode peer;
    try (InputStream in = getClass().getResourceAsStream("/golden/label-audit-cleanlab.json")) {
      peer = new ObjectMapper().readTree(in);
    }
    List<FacePhoto> photos = new ArrayList<>();
    PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
    for (int i = 0; i < peer.path("labels").size(); i++) {
      FaceClass label = FaceClass.ofId(peer.path("labels").get(i).asInt());
      photos.add(Photos.photo("p" + i, "x", 30, label));
      float[] row = new float[FaceClass.COUNT];
      for (int id = 0; id < row.length; id++) {
        row[id] = (float) peer.path("rows").get(i).get(id).asDouble();
      }
      table.add("p" + i + "/x", row);
    }

    LabelAudit audit = LabelAudit.of(PhotoSet.of(photos), List.of(table.build()));

    List<String> issues = new ArrayList<>();
    peer.path("issues").forEach(i -> issues.add("p" + i.asInt()));
    assertThat(audit.doubtful())
        .extracting(d -> d.photo().person())
        .containsExactlyElementsOf(issues);
    for (int label = 0; label < FaceClass.COUNT; label++) {
      assertThat(audit.thresholds().get(label))
          .isCloseTo(peer.path("thresholds").get(label).asDouble(), within(1e-6));
      for (int counted = 0; counted < FaceClass.COUNT; counted++) {
        assertThat(audit.joint().count(label, counted))
            .isEqualTo(peer.path("joint").get(label).get(counted).asLong());
      }
    }
  }

  @Test
  void aLabelThatTheModelDoubtsIsNamedWithItsFixes() {
    LabelAudit audit = audit();

    assertThat(audit.doubtful()).hasSize(1);
    DoubtfulLabel doubt = audit.doubtful().get(0);
    assertThat(doubt.photo().person()).isEqualTo("wrong");
    assertThat(doubt.suggested()).isEqualTo(FaceLabel.of(OLD_MAN));
    assertThat(doubt.fixes("me"))
        .extracting(f -> f.id() + " " + f.field() + " " + f.old() + " " + f.corrected())
        .containsExactly("wrong GENDER female male", "wrong AGE_GROUP under_30 from_60");
    assertThat(audit.estimatedNoise()).isCloseTo(4 / 18.0, within(1e-9));
  }

  @Test
  void labelsOfTheMaskAloneAreComparedWithOtherMasks() {
    List<FacePhoto> photos = new ArrayList<>();
    PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
    for (int i = 0; i < 9; i++) {
      // All gender and age; the last photo is labelled as not worn, but the model sees a mask.
      FaceClass shown = FaceClass.ofId(i % 2 == 0 ? 4 : 12);
      FaceClass labelled = i == 8 ? FaceClass.ofId(12) : shown;
      FaceLabel label = FaceLabel.of(labelled).only(Set.of(Attribute.MASK));
      photos.add(Photos.photo("p" + i, "x", 30, labelled).withLabel(label));
      float[] row = new float[FaceClass.COUNT];
      row[shown.id()] = 0.6f;
      row[shown.id() - 1 + 2 * (i % 2)] = 0.4f;
      table.add("p" + i + "/x", row);
    }

    LabelAudit audit = LabelAudit.of(PhotoSet.of(photos), List.of(table.build()));

    assertThat(audit.doubtful()).hasSize(1);
    DoubtfulLabel doubt = audit.doubtful().get(0);
    assertThat(doubt.photo().person()).isEqualTo("p8");
    assertThat(doubt.suggested().displayName()).isEqualTo("worn");
    assertThat(doubt.margin()).isCloseTo(-1, within(1e-6));
    assertThat(doubt.fixes("me"))
        .extracting(f -> f.id() + " " + f.field() + " " + f.old() + " " + f.corrected())
        .containsExactly("p8/x MASK not_worn worn");
  }

  @Test
  void predictionsTwiceOrOfStrangersAreRefused() {
    PredictionTable table = table();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelAudit.of(photos(), List.of(table, table)))
        .withMessageContaining("photo 'a/x' has two predictions or no label");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelAudit.of(photos(), List.of()))
        .withMessageContaining("no predictions");
  }

  private static LabelAudit audit() {
    return LabelAudit.of(photos(), List.of(table()));
  }

  private static PhotoSet photos() {
    List<FacePhoto> photos = new ArrayList<>();
    for (String person : List.of("a", "b", "c")) {
      photos.add(Photos.photo(person, "x", 20, YOUNG_WOMAN));
    }
    photos.add(Photos.photo("d", "x", 60, OLD_MAN));
    photos.add(Photos.photo("e", "x", 60, OLD_MAN));
    photos.add(Photos.photo("wrong", "x", 20, YOUNG_WOMAN));
    return PhotoSet.of(photos);
  }

  private static PredictionTable table() {
    PredictionTable.Builder table =
        PredictionTable.builder(
            new PredictionOrigin(List.of(), List.of("run-1, of \"two\""), Optional.empty()));
    // Thresholds: 0.5375 of the women, 0.8 of the men; b reaches neither.
    add(table, "a", 0.9f, 0.1f);
    add(table, "b", 0.3f, 0.7f);
    add(table, "c", 0.9f, 0.1f);
    add(table, "d", 0.2f, 0.8f);
    add(table, "e", 0.2f, 0.8f);
    add(table, "wrong", 0.05f, 0.95f);
    return table.build();
  }

  private static void add(PredictionTable.Builder table, String person, float woman, float man) {
    float[] row = new float[FaceClass.COUNT];
    row[YOUNG_WOMAN.id()] = woman;
    row[OLD_MAN.id()] = man;
    table.add(person + "/x", row);
  }
}
