package io.github.facemask.cli.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The heading of an option, or of all options of a class, in the help. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface HelpHeading {
  /** Returns the heading. */
  Heading value();

  /** The headings, in the order of the help. */
  enum Heading {
    DATA("Data"),
    FACES("Faces"),
    NETWORK("Network"),
    AUGMENTATION("Augmentation"),
    OPTIMISATION("Optimisation"),
    RUN("Run"),
    GENERAL("General");

    private final String text;

    Heading(String text) {
      this.text = text;
    }

    /** Returns the heading's text. */
    public String text() {
      return text;
    }
  }
}
