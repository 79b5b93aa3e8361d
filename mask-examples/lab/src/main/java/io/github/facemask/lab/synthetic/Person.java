package io.github.facemask.lab.synthetic;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Gender;
import io.github.facemask.random.RandomStream;
import java.awt.Color;

/**
 * A person who does not exist: what all their photos share.
 *
 * @param gender the gender of the label
 * @param years the age of the label
 * @param face the face
 * @param aging the traces of age
 * @param hair the hair
 * @param shoulders half the width of the shoulders, in half face widths
 * @param clothes the colour that their clothes keep to
 * @param glasses how often they wear glasses, 0 to 1
 * @param seed makes the details that are too small to name, such as where spots lie
 */
record Person(
    Gender gender,
    int years,
    Face face,
    Aging aging,
    Hair hair,
    double shoulders,
    Color clothes,
    double glasses,
    long seed) {

  /**
   * Draws a person.
   *
   * @param seed the set's seed
   * @param role apart for people to train on, to evaluate on and in the background
   * @param index which of them
   * @param gender the gender
   * @param years the age
   */
  static Person draw(long seed, String role, long index, Gender gender, int years) {
    RandomStream random = RandomStream.of(seed, "synthetic " + role, index);
    // The two genders overlap: about one person in a hundred looks like the other.
    double mean = gender == Gender.FEMALE ? 0.84 : 0.16;
    double femininity = Tint.clamp(mean + 0.13 * random.nextGaussian(), 0, 1);
    double looks = years + 1.6 * random.nextGaussian();
    if (AgeGroup.ofYears(years) == AgeGroup.FROM_60) {
      // The label 60 stands for 60 and over, as in the competition.
      looks = years + random.nextDouble(3, 18);
    }
    double old = Tint.rise(40, 65, looks);
    Color clothes =
        Tint.hsb(
            random.nextDouble(),
            random.nextDouble(0.05, 0.65 - 0.2 * old),
            random.nextDouble(0.2, 0.95 - 0.25 * old));
    return new Person(
        gender,
        years,
        Face.draw(random, femininity, looks),
        Aging.draw(random, looks),
        Hair.draw(random, femininity, looks),
        2.45 - 0.4 * femininity + 0.1 * random.nextGaussian(),
        clothes,
        random.nextDouble() < 0.25 + 0.2 * old ? 0.8 : 0.05,
        random.nextLong());
  }
}
