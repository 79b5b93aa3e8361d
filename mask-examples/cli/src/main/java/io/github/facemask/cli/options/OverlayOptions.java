package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.label.MaskState;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Masks that are laid on training photos. */
@HelpHeading(HelpHeading.Heading.AUGMENTATION)
public final class OverlayOptions {

  private static final ImmutableMap<String, String> OPTIONS =
      ImmutableMap.of(
          "kinds", "--overlay-kinds",
          "fits", "--overlay-fits",
          "lower", "--overlay-lower",
          "size", "--overlay-size");

  @Option(
      names = "--overlay",
      paramLabel = "WORN,WRONGLY",
      description = {
        "Draw masks on this share of the training faces without one, such as 0.4,0.3: worn, and",
        "worn wrongly. Each epoch draws anew. Validation is unchanged."
      })
  String shares;

  @Option(
      names = "--overlay-kinds",
      paramLabel = "KIND=W,...",
      description = {
        "How often each kind is drawn: surgical, ffp2, cloth, dark, patterned (default:",
        "surgical=0.45,ffp2=0.2,cloth=0.12,dark=0.15,patterned=0.08)."
      })
  String kinds;

  @Option(
      names = "--overlay-fits",
      paramLabel = "FIT=W,...",
      description = {
        "How often each wrong way is drawn: below-nose, under-chin, one-ear (default:",
        "below-nose=0.5,under-chin=0.35,one-ear=0.15)."
      })
  String fits;

  @Option(
      names = "--overlay-lower",
      paramLabel = "D",
      description = "How much lower masks sit, over the distance between the eyes (default: 0).")
  Double lower;

  @Option(
      names = "--overlay-size",
      paramLabel = "F",
      description = "Size of masks over the usual size, 0.7 to 1.4 (default: 1).")
  Double size;

  @Option(
      names = "--overlay-faces",
      paramLabel = "FILE",
      description = {
        "Table of 'mask crop' with the faces to lay masks on (default: that of --crops, otherwise",
        "the faces are found now)."
      })
  Path faces;

  /**
   * Returns the overlay; empty for none.
   *
   * @param listed the overlay of a list of transforms, which has its own parameters
   */
  private Optional<MaskOverlay> overlay(Optional<MaskOverlay> listed) {
    if (shares == null) {
      String given =
          kinds != null
              ? "--overlay-kinds"
              : fits != null
                  ? "--overlay-fits"
                  : lower != null
                      ? "--overlay-lower"
                      : size != null
                          ? "--overlay-size"
                          : faces != null && listed.isEmpty() ? "--overlay-faces" : "";
      checkArgument(
          given.isEmpty(), "%s goes with --overlay WORN,WRONGLY, which is not given", given);
      return Optional.empty();
    }
    List<String> parts = Splitter.on(',').trimResults().splitToList(shares);
    checkArgument(
        parts.size() == 2,
        "--overlay is %s, expected two shares: worn and worn wrongly, such as 0.4,0.3",
        shares);
    try {
      return Optional.of(chosen(parts));
    } catch (InvalidArgumentException e) {
      Problem problem = e.problem();
      throw new IllegalArgumentException(
          "%s is %s, expected %s"
              .formatted(
                  OPTIONS.getOrDefault(problem.what(), "--overlay"),
                  OPTIONS.containsKey(problem.what()) ? given(problem.what()) : shares,
                  problem.expected()),
          e);
    }
  }

  private MaskOverlay chosen(List<String> parts) {
    MaskOverlay overlay =
        MaskOverlay.of(
            number("--overlay", parts.get(0), shares), number("--overlay", parts.get(1), shares));
    if (kinds != null) {
      overlay = overlay.withKinds(weights("--overlay-kinds", kinds, MaskOverlay.Kind.class));
    }
    if (fits != null) {
      overlay = overlay.withFits(weights("--overlay-fits", fits, MaskOverlay.Fit.class));
    }
    if (lower != null) {
      overlay = overlay.withLower(lower);
    }
    return size == null ? overlay : overlay.withSize(size);
  }

  private String given(String parameter) {
    return switch (parameter) {
      case "kinds" -> kinds;
      case "fits" -> fits;
      case "lower" -> String.valueOf(lower);
      default -> String.valueOf(size);
    };
  }

  /** Returns the augmentation with the overlay of these options, if it is given. */
  public Augmentation addTo(Augmentation augmentation) {
    Optional<MaskOverlay> own = overlay(augmentation.overlay());
    checkArgument(
        own.isEmpty() || augmentation.overlay().isEmpty(),
        "--overlay is given, and the list of --augment has a mask-overlay; change the list, or leave"
            + " --overlay out");
    return own.isPresent() ? augmentation.withOverlay(own) : augmentation;
  }

  /**
   * Finds the faces to lay masks on.
   *
   * @param crops the table of the crops, if there is one
   */
  CropTable faces(
      PhotoSet learners,
      Optional<CropTable> crops,
      CropOptions how,
      PhotoDecoder decoder,
      int threads)
      throws IOException {
    PhotoSet bare = learners.filter(p -> p.label().mask().equals(Optional.of(MaskState.NOT_WORN)));
    checkArgument(
        bare.size() > 0,
        "--overlay: no training photo is known to show a face without a mask, expected at least one;"
            + " if that is true of all of them, say so with --assume mask=not_worn");
    CropTable found = table(bare, crops, how, decoder, threads);
    checkArgument(
        bare.stream()
            .anyMatch(p -> found.find(p.photo().id()).filter(d -> d.chosen() >= 0).isPresent()),
        "--overlay: no face was found on %s, expected at least one; try another --face-detector",
        Count.of(bare.size(), "training photo"));
    return found;
  }

  private CropTable table(
      PhotoSet bare, Optional<CropTable> crops, CropOptions how, PhotoDecoder decoder, int threads)
      throws IOException {
    if (faces != null) {
      return Crops.read(faces, bare, how, decoder, threads);
    }
    return crops.isPresent()
        ? crops.get()
        : Crops.of(bare, how.crop(), decoder, Optional.empty(), Optional.empty(), threads);
  }

  private static <E extends Enum<E>> Map<E, Double> weights(
      String option, String text, Class<E> type) {
    Map<E, Double> weights = new EnumMap<>(type);
    for (String part : Splitter.on(',').trimResults().split(text)) {
      List<String> pair = Splitter.on('=').trimResults().splitToList(part);
      Optional<E> named =
          Arrays.stream(type.getEnumConstants())
              .filter(e -> words(e).equalsIgnoreCase(pair.get(0)))
              .findFirst();
      checkArgument(
          pair.size() == 2 && named.isPresent(),
          "%s: %s, expected names with their weights; the names are %s",
          option,
          text,
          Arrays.stream(type.getEnumConstants())
              .map(OverlayOptions::words)
              .filter(word -> !word.equals("covering"))
              .collect(Collectors.joining(", ")));
      weights.put(named.get(), number(option, pair.get(1), text));
    }
    return weights;
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double number(String option, String text, String whole) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: %s, expected numbers, found '%s'".formatted(option, whole, text), e);
    }
  }
}
