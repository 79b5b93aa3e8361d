package io.github.facemask.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FaceLabelTest {

  @Test
  void theFirstLabelsAreTheClasses() {
    for (FaceClass faceClass : FaceClass.values()) {
      FaceLabel label = FaceLabel.of(faceClass);
      assertThat(label.id()).isEqualTo(faceClass.id());
      assertThat(label.faceClass()).contains(faceClass);
      assertThat(label.displayName()).isEqualTo(faceClass.displayName());
    }
    assertThat(new HashSet<>(FaceLabel.values())).hasSize(FaceLabel.COUNT);
  }

  @Property
  void theClassesOfALabelAreThoseThatAgree(@ForAll @IntRange(max = 47) int id) {
    FaceLabel label = FaceLabel.ofId(id);

    assertThat(FaceClass.values().stream().filter(label::agrees).toList())
        .isEqualTo(label.classes())
        .isNotEmpty();
    assertThat(FaceLabel.of(label.mask(), label.gender(), label.age())).isSameAs(label);
    for (Attribute attribute : Attribute.values()) {
      Set<Integer> values = new HashSet<>();
      label.classes().forEach(c -> values.add(attribute.of(c)));
      assertThat(values.size() == 1).isEqualTo(label.value(attribute).isPresent());
    }
  }

  @Property
  void labelsOfTheSameAttributesExcludeEachOtherAndCoverAll(@ForAll @IntRange(max = 47) int id) {
    Set<Attribute> known = FaceLabel.ofId(id).known();
    float[] probabilities = new float[18];
    for (int c = 0; c < 18; c++) {
      probabilities[c] = (c + 1) / 171f;
    }

    List<FaceLabel> alike = FaceLabel.knowing(known);

    double sum = alike.stream().mapToDouble(label -> label.probability(probabilities)).sum();
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(alike.stream().mapToInt(label -> label.classes().size()).sum()).isEqualTo(18);
    assertThat(FaceLabel.ofId(id).only(EnumSet.noneOf(Attribute.class)))
        .isSameAs(FaceLabel.UNKNOWN);
  }

  @Test
  void aLabelReadsAsWhatIsKnown() {
    FaceLabel label =
        FaceLabel.of(
            Optional.of(MaskState.WORN_WRONGLY), Optional.empty(), Optional.of(AgeGroup.FROM_60));

    assertThat(label.displayName()).isEqualTo("worn wrongly, from 60");
    assertThat(label.withGender(Optional.of(Gender.FEMALE)).id()).isEqualTo(11);
    assertThat(label.withMask(Optional.empty()).known()).containsExactly(Attribute.AGE);
    assertThat(FaceLabel.UNKNOWN.displayName()).isEqualTo("unknown");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaceLabel.ofId(48))
        .withMessage("label is 48, expected 0 to 47");
  }
}
