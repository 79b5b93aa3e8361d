package io.github.facemask.cli.data;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.cli.options.FaceOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.OverlayOptions;
import io.github.facemask.cli.options.PhotoFormats;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.dataset.PstageFolder.PersonKey;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.lab.gallery.Gallery;
import io.github.facemask.lab.gallery.LabelledPhoto;
import io.github.facemask.lab.synthetic.SyntheticFaces;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows all transforms and mixings. */
@Command(
    name = "gallery",
    header = "Shows each transform and mixing, before and after.",
    description = {
      "Shows each transform on photos, before and after, with the drawn parameters, and each",
      "mixing with its soft labels, on one HTML page; with --sheets also as PNG files. With",
      "--augment the first panels are what training sees: the photos in as many epochs as --draws,",
      "with the draws of training with the same --seed and input --size. Without photos it uses two",
      "portraits in the public domain, and mixes synthetic faces."
    },
    footer = {"", "Example: mask gallery --out gallery.html mine.jpg yours.png"})
public final class GalleryCommand implements Callable<Integer> {

  private static final List<String> PORTRAITS =
      List.of("portrait.jpg", "portrait_covered_mouth.jpg");

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "PHOTO", arity = "0..*", description = "Photos to show transforms on.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DIR|FILE",
      description = "Mix photos of this labelled data, in any format, instead of synthetic ones.")
  Path data;

  @Option(
      names = "--out",
      defaultValue = "gallery.html",
      paramLabel = "FILE",
      description = "The page (default: ${DEFAULT-VALUE}).")
  Path out;

  @Option(names = "--sheets", paramLabel = "DIR", description = "Write PNG sheets as well.")
  Path sheets;

  @Mixin AugmentOption augment;

  @Option(
      names = "--size",
      defaultValue = "160",
      paramLabel = "PIXELS",
      description = "Side of the pictures, as a network sees them (default: ${DEFAULT-VALUE}).")
  int size;

  @Option(
      names = "--draws",
      defaultValue = "4",
      paramLabel = "N",
      description = "Draws of each transform (default: ${DEFAULT-VALUE}).")
  int draws;

  @Option(
      names = "--mixed",
      defaultValue = "6",
      paramLabel = "N",
      description = "Photos in the batch that is mixed, 2 to 32 (default: ${DEFAULT-VALUE}).")
  int mixed;

  @Mixin OverlayOptions overlay;

  @Mixin FaceOptions detection;

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "Seed of the draws (default: ${DEFAULT-VALUE}).")
  long seed;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    check(mixed >= 2 && mixed <= 32, "mixed", mixed, "2 to 32");
    Optional<AugmentOption.Choice> chosen = augment.read();
    List<Pixels> pictures = photos();
    Gallery.Builder builder =
        Gallery.builder(pictures).optBatch(batch()).optSide(size).optDraws(draws).optSeed(seed);
    Augmentation training =
        overlay.addTo(
            chosen
                .map(AugmentOption.Choice::augmentation)
                .orElseGet(Augmentation.Preset.LIGHT::augmentation));
    builder.optFaces(faces(pictures));
    if (chosen.isPresent() || training.overlay().isPresent()) {
      builder.optAugmentation(training);
    }
    Gallery gallery = builder.build();
    gallery.writePage(out);
    spec.commandLine().getOut().printf("%s: %d panels%n", out, gallery.panels().size());
    if (sheets != null) {
      int written = gallery.writeSheets(sheets).size();
      spec.commandLine().getOut().printf("%s: %d sheets%n", sheets, written);
    }
    return 0;
  }

  /** Finds the largest face of each photo; of the two portraits, one has no hand before it. */
  private List<Gallery.FacePicture> faces(List<Pixels> pictures) throws IOException {
    List<Gallery.FacePicture> found = new ArrayList<>();
    FaceDetector detector = detection.detector();
    for (int i = 0; i < (files.isEmpty() ? 1 : pictures.size()); i++) {
      String id = files.isEmpty() ? PORTRAITS.get(i) : files.get(i).toString();
      Pixels photo = pictures.get(i);
      detector.detect(photo).stream()
          .max(Comparator.comparingDouble(face -> face.box().area()))
          .ifPresent(face -> found.add(new Gallery.FacePicture(id, photo, face)));
    }
    return found;
  }

  private List<Pixels> photos() throws IOException {
    PhotoDecoder decoder = PhotoDecoder.create();
    List<Pixels> photos = new ArrayList<>();
    for (Path file : files) {
      photos.add(decoder.decode(file));
    }
    if (files.isEmpty()) {
      for (String name : PORTRAITS) {
        try (InputStream in =
            GalleryCommand.class.getResourceAsStream("/io/github/facemask/cli/portraits/" + name)) {
          photos.add(decoder.decode(in.readAllBytes(), name));
        }
      }
    }
    return photos;
  }

  private List<LabelledPhoto> batch() throws IOException {
    if (data != null) {
      return decoded(PhotoFormats.of(data, false, PersonKey.PATH).photos());
    }
    Path folder = Files.createTempDirectory("facemask-gallery");
    try {
      Path root = folder.resolve("drawn");
      SyntheticFaces.builder(root)
          .optPeople(6)
          .optAtLeastPerCell(1)
          .optEvaluationPhotos(0)
          .optSeed(seed)
          .optBackgroundFaces(0)
          .build()
          .write();
      return decoded(PstageFolder.read(root));
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** Returns one photo each of random people. The first person is 60 or older if there is one. */
  private List<LabelledPhoto> decoded(PhotoSet set) throws IOException {
    int[] order = IntStream.range(0, set.size()).toArray();
    RandomStream.of(seed, "gallery batch").shuffle(order);
    List<FacePhoto> chosen = new ArrayList<>();
    for (boolean old : new boolean[] {true, false}) {
      for (int index : order) {
        FacePhoto photo = set.get(index);
        boolean wanted = !old || photo.label().age().equals(Optional.of(AgeGroup.FROM_60));
        boolean known = chosen.stream().anyMatch(c -> c.person().equals(photo.person()));
        if (wanted && !known && chosen.size() < (old ? 1 : mixed)) {
          chosen.add(photo);
        }
      }
    }
    List<LabelledPhoto> batch = new ArrayList<>();
    for (FacePhoto photo : chosen) {
      batch.add(
          new LabelledPhoto(PhotoDecoder.create().decode(photo.photo().file()), photo.label()));
    }
    return batch;
  }
}
