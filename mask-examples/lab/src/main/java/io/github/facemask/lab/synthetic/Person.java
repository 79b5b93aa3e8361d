package io.github.facemask.lab.synthetic;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Gender;
import io.github.facemask.random.RandomStream;
import java.awt.Color;

/**
 * A synthetic person: the traits that all photos share.
 *
 * @param gender the gender of the label
 * @param years the age of the label
 * @param face the face
 * @param aging the traces of age
 * @param hair the hair
 * @param shoulders half the width of the shoulders, in half face widths
 * @param clothes the main colour of the clothes
 * @param glasses how often they wear glasses, 0 to 1
 * @param seed the seed of small details, such as the positions of spots
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
   * Samples a person.
   *
   * @param seed the set's seed
   * @param role different for people in training, in evaluation and in the background
   * @param index the number of the person
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
      // The label 60 means 60 and over, as in the competition.
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
