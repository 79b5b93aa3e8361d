package io.github.facemask.lab.gallery;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.PhotoCard;
import io.github.facemask.lab.report.Section;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Shows each transform on photos, before and after several random draws with their parameters, and
 * each mixing of a batch with its soft labels. The result is one self-contained HTML page, or PNG
 * sheets. The same photos and seed give the same pictures. Immutable.
 */
public final class Gallery {

  private static final int QUALITY = 85;

  private final ImmutableList<Panel> panels;

  private Gallery(ImmutableList<Panel> panels) {
    this.panels = panels;
  }

  /**
   * A face on a photo.
   *
   * @param id the photo's id, by which its mask is drawn
   * @param photo the photo
   * @param face a face on it without a mask, in pixels of the photo
   */
  public record FacePicture(String id, Pixels photo, Detection face) {}

  /** Collects the choices of a gallery. */
  public static final class Builder {

    private final List<Pixels> photos;
    private List<LabelledPhoto> batch = List.of();
    private List<FacePicture> faces = List.of();
    private int side = 160;
    private int draws = 4;
    private long seed;
    private Optional<Augmentation> augmentation = Optional.empty();

    private Builder(List<Pixels> photos) {
      this.photos = List.copyOf(photos);
    }

    /**
     * Sets the batch to mix. Without one there are no mixing panels.
     *
     * @param labelled two photos or more; one of a person of 60 or older, for donors of that age
     * @return this
     */
    public Builder optBatch(List<LabelledPhoto> labelled) {
      this.batch = List.copyOf(labelled);
      return this;
    }

    /**
     * Sets the side of the pictures, which is the network's input size; default 160.
     *
     * @param pixels 16 to 1024
     * @return this
     */
    public Builder optSide(int pixels) {
      this.side = pixels;
      return this;
    }

    /**
     * Sets the number of draws of each transform; default 4.
     *
     * @param count 1 to 20
     * @return this
     */
    public Builder optDraws(int count) {
      this.draws = count;
      return this;
    }

    /**
     * Sets the seed of the draws; default 0.
     *
     * @param value the seed
     * @return this
     */
    public Builder optSeed(long value) {
      this.seed = value;
      return this;
    }

    /**
     * Shows what training sees: the photos after all transforms, and the batch after the mixing, in
     * as many epochs as there are draws. The draws are those of a {@code PhotoLoader} of the photos
     * in their order, with the same seed, and a cache.
     *
     * @param value the augmentation
     * @return this
     */
    public Builder optAugmentation(Augmentation value) {
      this.augmentation = Optional.of(value);
      return this;
    }

    /**
     * Sets the faces that masks are drawn on. Without one there are no panels of masks. Masks are
     * drawn as the augmentation says.
     *
     * @param found faces without a mask
     * @return this
     */
    public Builder optFaces(List<FacePicture> found) {
      this.faces = List.copyOf(found);
      return this;
    }

    /**
     * Creates the pictures.
     *
     * @return the gallery
     * @throws IllegalArgumentException if a choice is out of range
     */
    public Gallery build() {
      checkArgument(!photos.isEmpty(), "no photos, expected at least one");
      checkArgument(batch.size() != 1, "a batch of 1 photo, expected at least 2 to mix");
      check(side >= 16 && side <= 1024, "side", side, "16 to 1024");
      check(draws >= 1 && draws <= 20, "draws", draws, "1 to 20");
      ImmutableList.Builder<Panel> panels = ImmutableList.builder();
      Preprocessing input = TransformPanels.input(side, 0.875);
      augmentation.ifPresent(
          chosen ->
              panels.addAll(TrainingPanels.of(photos, faces, batch, chosen, input, draws, seed)));
      Optional<MaskOverlay> overlay = augmentation.flatMap(Augmentation::overlay);
      if (!faces.isEmpty()) {
        panels.addAll(
            OverlayPanels.of(faces, overlay.orElse(MaskOverlay.of(0.5, 0.5)), input, draws, seed));
      }
      panels.add(TrainingPanels.presets(photos.get(0), input, draws, seed));
      panels.addAll(TransformPanels.of(photos, side, draws, seed));
      if (!batch.isEmpty()) {
        panels.addAll(MixingPanels.of(batch, side, draws, seed));
      }
      return new Gallery(panels.build());
    }
  }

  /**
   * Starts a gallery.
   *
   * @param photos the photos to apply each transform to
   * @return a builder
   */
  public static Builder builder(List<Pixels> photos) {
    return new Builder(photos);
  }

  /** Returns a panel for each transform and mixing. */
  public List<Panel> panels() {
    return panels;
  }

  /**
   * Writes the page.
   *
   * @param file the page to write or replace
   * @throws IOException if it cannot be written
   */
  public void writePage(Path file) throws IOException {
    HtmlReport.Builder page =
        HtmlReport.builder("What training does to photos")
            .optSubtitle(
                "What training sees; each transform before and after some draws, with what was drawn;"
                    + " then mixings of a batch with their soft labels.");
    for (Panel panel : panels) {
      page.add(new Section.Pictures(panel.title(), panel.note(), cards(panel)));
    }
    page.build().write(file);
  }

  private static List<PhotoCard> cards(Panel panel) {
    List<PhotoCard> cards = new ArrayList<>();
    for (Picture picture : panel.pictures()) {
      cards.add(
          PhotoCard.ofImage(
              PhotoEncoder.jpegDataUri(picture.pixels(), QUALITY),
              PhotoCard.Tone.PLAIN,
              picture.caption()));
    }
    return cards;
  }

  /**
   * Writes a PNG sheet for each panel, named by its number and title.
   *
   * @param folder the folder to write to; created if missing
   * @return the files
   * @throws IOException if one cannot be written
   */
  public List<Path> writeSheets(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (Panel panel : panels) {
      String words = panel.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
      Path file =
          folder.resolve(String.format(Locale.ROOT, "%02d-%s.png", files.size() + 1, words));
      byte[] png = Sheet.png(panel);
      AtomicFile.write(file, out -> out.write(png));
      files.add(file);
    }
    return files;
  }
}
