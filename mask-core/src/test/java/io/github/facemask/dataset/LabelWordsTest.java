package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.facemask.dataset.LabelWords.Kind;
import io.github.facemask.dataset.LabelWords.Meaning;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelWordsTest {

  private static Meaning age(String text) {
    return LabelWords.STANDARD.of(Attribute.AGE, text);
  }

  @ParameterizedTest
  @CsvSource({
    "with_mask, WORN",
    "WithMask, WORN",
    "mask, WORN",
    "Masked, WORN",
    "CMFD, WORN",
    "mask_weared_incorrect, WORN_WRONGLY",
    "incorrect, WORN_WRONGLY",
    "Mask worn incorrectly, WORN_WRONGLY",
    "without_mask, NOT_WORN",
    "no-mask, NOT_WORN",
    "none, NOT_WORN"
  })
  void wordsOfPublicSetsAreMaskStates(String word, MaskState state) {
    assertThat(LabelWords.STANDARD.of(Attribute.MASK, word).label().mask()).contains(state);
  }

  @ParameterizedTest
  @CsvSource({
    "F, FEMALE",
    "w, FEMALE",
    "Woman, FEMALE",
    "여, FEMALE",
    "여자, FEMALE",
    "M, MALE",
    "man, MALE",
    " male , MALE",
    "남, MALE"
  })
  void lettersAndWordsAreGenders(String word, Gender gender) {
    assertThat(LabelWords.STANDARD.of(Attribute.GENDER, word).label().gender()).contains(gender);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-", "unknown", "N/A", "?", "nan", "NaN", "null", "U"})
  void wordsThatSayNothingAreUnknown(String word) {
    for (Attribute attribute : Attribute.values()) {
      assertThat(LabelWords.STANDARD.of(attribute, word).kind()).isEqualTo(Kind.UNKNOWN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "20-29, UNDER_30",
    "0-2, UNDER_30",
    "under 30, UNDER_30",
    "<30, UNDER_30",
    "<= 29, UNDER_30",
    "29 and under, UNDER_30",
    "20대, UNDER_30",
    "30-39, FROM_30_TO_59",
    "30–39, FROM_30_TO_59",
    "30 to 39, FROM_30_TO_59",
    "(38; 43), FROM_30_TO_59",
    "from_30_to_59, FROM_30_TO_59",
    "40s, FROM_30_TO_59",
    "60+, FROM_60",
    ">= 60, FROM_60",
    "60 and over, FROM_60",
    "60 years or older, FROM_60",
    "more than 70, FROM_60",
    "over 60, FROM_60",
    "60세 이상, FROM_60",
    "from 60, FROM_60"
  })
  void aRangeInsideOneGroupIsThatGroupWithoutYears(String text, AgeGroup group) {
    Meaning meaning = age(text.replace(';', ','));

    assertThat(meaning.label().age()).contains(group);
    assertThat(meaning.years()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"25-34", "(25, 32)", "18+", "under 60", "over 29", "55-65", "0-150"})
  void aRangeAcrossGroupsIsUnknown(String text) {
    assertThat(age(text)).isEqualTo(Meaning.none(Kind.ACROSS));
  }

  @ParameterizedTest
  @CsvSource({"34, 34", "34.0, 34", "34.9, 34", "'34,5', 34", "34 years, 34", "34세, 34", "0, 0"})
  void anAgeIsWholeYears(String text, int years) {
    assertThat(age(text).years()).hasValue(years);
  }

  @ParameterizedTest
  @ValueSource(strings = {"old", "-5", "151", "29-20", "1e1", "34x", "25,32", "young", "60-200"})
  void otherTextsAreNoAge(String text) {
    assertThat(age(text).kind()).isEqualTo(Kind.NO_WORD);
  }

  @Property
  void everyRangeIsItsGroupOrAcross(
      @ForAll @IntRange(max = 150) int first,
      @ForAll @IntRange(max = 150) int last,
      @ForAll("dashes") String dash) {
    Meaning meaning = age(first + dash + last);

    if (first > last) {
      assertThat(meaning.kind()).isEqualTo(Kind.NO_WORD);
    } else if (AgeGroup.ofYears(first) == AgeGroup.ofYears(last)) {
      assertThat(meaning.label().age()).contains(AgeGroup.ofYears(first));
      assertThat(meaning.years())
          .isEqualTo(first == last ? OptionalInt.of(first) : OptionalInt.empty());
    } else {
      assertThat(meaning.kind()).isEqualTo(Kind.ACROSS);
    }
  }

  @Provide
  Arbitrary<String> dashes() {
    return Arbitraries.of("-", " - ", "–", " to ", "~", "..", "_");
  }

  @Property
  void caseBlanksHyphensAndUnderscoresDoNotCount(
      @ForAll("words") String word, @ForAll boolean upper, @ForAll("gaps") String gap) {
    String spelt = gap + word.replace(" ", gap) + gap;

    assertThat(LabelWords.STANDARD.ofAny(upper ? spelt.toUpperCase(Locale.ROOT) : spelt))
        .isEqualTo(LabelWords.STANDARD.ofAny(word));
    assertThat(LabelWords.STANDARD.ofAny(word).kind()).isEqualTo(Kind.KNOWN);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
        "with mask", "mask weared incorrect", "no mask", "female", "man", "not worn");
  }

  @Provide
  Arbitrary<String> gaps() {
    return Arbitraries.of("", " ", "_", "-", "  ", "\t");
  }

  @Test
  void aPlainNumberIsNoGender() {
    assertThat(LabelWords.STANDARD.of(Attribute.GENDER, "0").kind()).isEqualTo(Kind.CODE);
    assertThat(LabelWords.STANDARD.of(Attribute.GENDER, "1.0").kind()).isEqualTo(Kind.CODE);
  }

  @Test
  void labelsThatAgreeAreJoined() {
    FaceLabel worn = FaceLabel.UNKNOWN.withMask(Optional.of(MaskState.WORN));
    FaceLabel male = FaceLabel.UNKNOWN.withGender(Optional.of(Gender.MALE));

    assertThat(LabelWords.both(worn, male)).isEqualTo(worn.withGender(Optional.of(Gender.MALE)));
    assertThat(LabelWords.both(worn, FaceLabel.ofId(12))).isNull();
  }

  @Test
  void ownWordsComeFirst(@TempDir Path folder) throws IOException {
    Path table = folder.resolve("words.csv");
    Files.writeString(
        table,
        """
        attribute,word,value
        mask,Covered,worn
        mask,mask,worn_wrongly
        gender,0,female
        age,elder,60+
        gender,x,unknown
        class,A,17
        """);
    LabelWords words = LabelWords.read(table);

    assertThat(words.of(Attribute.MASK, "covered").label().mask()).contains(MaskState.WORN);
    assertThat(words.of(Attribute.MASK, "mask").label().mask()).contains(MaskState.WORN_WRONGLY);
    assertThat(words.of(Attribute.GENDER, "0").label().gender()).contains(Gender.FEMALE);
    assertThat(words.of(Attribute.AGE, "elder").label().age()).contains(AgeGroup.FROM_60);
    assertThat(words.of(Attribute.GENDER, "X").kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(words.classNumber("a").label()).isEqualTo(FaceLabel.ofId(17));
  }

  @Test
  void wrongOwnWordsAreNamed(@TempDir Path folder) throws IOException {
    Path table = folder.resolve("words.csv");
    Files.writeString(table, "attribute,word,value\nhair,red,worn\nmask,covered,tight\n");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> LabelWords.read(table))
        .withMessageContaining("words.csv:2: attribute is 'hair', expected mask, gender, age")
        .withMessageContaining("words.csv:3: value is 'tight', expected worn, worn_wrongly");
  }
}
