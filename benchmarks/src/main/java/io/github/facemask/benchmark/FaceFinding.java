package io.github.facemask.benchmark;

import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Prints how many main faces each detector finds on labelled photos, by mask state, as a table in
 * Markdown. Arguments: {@code cascade} or the file of YuNet's network, then folders. A folder with
 * {@code images} and {@code annotations} is read as Pascal VOC: the main face is the largest box,
 * and its name is the mask state. Any other folder has a folder for each mask state, and no boxes:
 * a photo counts as found if a face of it is taken.
 */
public final class FaceFinding {

  /** From this overlap on, a found box is the face of an annotated one. */
  private static final double SAME = 0.3;

  private static final double HELD = 0.9;

  private FaceFinding() {}

  /** An annotated face, in pixels of the photo. */
  private record Truth(String state, Box box) {}

  /** A photo with its faces; only the state is known without annotations. */
  private record Sample(Path file, String state, List<Truth> faces) {}

  private static final class Counts {
    private int photos;
    private int found;
    private int right;
    private int otherPerson;
    private int noFace;
    private int fallback;
    private int held;
    private double seconds;
  }

  /** Prints the table. */
  public static void main(String[] arguments) throws Exception {
    List<Path> folders = Stream.of(arguments).skip(1).map(Path::of).toList();
    FaceDetector detector =
        arguments[0].equals("cascade")
            ? FaceDetectors.cascade()
            : FaceDetectors.yunet(Path.of(arguments[0]));
    FaceCrop crop = FaceCrop.by(detector);
    System.out.println(
        "| set | detector | mask | photos | found | taken as main | another person | no face |"
            + " fallback | crop holds it | s a photo |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    for (Path folder : folders) {
      boolean boxes = Files.isDirectory(folder.resolve("annotations"));
      Map<String, Counts> counts = new TreeMap<>();
      for (Sample sample : boxes ? annotated(folder) : byState(folder)) {
        count(sample, crop, counts.computeIfAbsent(sample.state(), state -> new Counts()));
      }
      counts.forEach(
          (state, c) ->
              System.out.println(row(folder, detector.settings().name(), state, c, boxes)));
    }
  }

  private static String row(Path folder, String detector, String state, Counts c, boolean boxes) {
    String known = boxes ? share(c.right, c) : "";
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %d | %s | %s | %s | %s | %s | %s | %.3f |",
        folder.getFileName(),
        detector,
        state,
        c.photos,
        share(c.found, c),
        known,
        boxes ? share(c.otherPerson, c) : "",
        boxes ? share(c.noFace, c) : "",
        share(c.fallback, c),
        boxes ? share(c.held, c) : "",
        c.seconds / c.photos);
  }

  private static String share(int count, Counts of) {
    return String.format(Locale.ROOT, "%d (%.1f %%)", count, 100.0 * count / of.photos);
  }

  private static void count(Sample sample, FaceCrop crop, Counts counts) {
    Pixels photo;
    try {
      photo = PhotoDecoder.create().decode(sample.file());
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return;
    }
    long start = System.nanoTime();
    List<Detection> faces = crop.detector().detect(photo);
    counts.seconds += (System.nanoTime() - start) / 1e9;
    CropDecision decision = crop.decide("photo", "", photo, faces);
    counts.photos++;
    counts.fallback += decision.fallback() ? 1 : 0;
    if (sample.faces().isEmpty()) {
      counts.found += decision.fallback() ? 0 : 1;
      return;
    }
    Box main = sample.faces().get(0).box();
    counts.found +=
        faces.stream()
                .filter(f -> f.score() >= crop.settings().subject().lowestScore())
                .anyMatch(f -> f.box().overlap(main) >= SAME)
            ? 1
            : 0;
    counts.held += decision.crop().sharedArea(main) >= HELD * main.area() ? 1 : 0;
    if (decision.fallback()) {
      return;
    }
    Box chosen = faces.get(decision.chosen()).box();
    if (chosen.overlap(main) >= SAME) {
      counts.right++;
    } else if (sample.faces().stream().anyMatch(t -> t.box().overlap(chosen) >= SAME)) {
      counts.otherPerson++;
    } else {
      counts.noFace++;
      System.err.println(sample.file() + ": " + faces.get(decision.chosen()));
    }
  }

  private static List<Sample> byState(Path folder) throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (Path state : files(folder)) {
      for (Path file : files(state)) {
        samples.add(new Sample(file, state.getFileName().toString(), List.of()));
      }
    }
    return samples;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static List<Sample> annotated(Path folder) throws Exception {
    List<Sample> samples = new ArrayList<>();
    for (Path photo : files(folder.resolve("images"))) {
      String name = photo.getFileName().toString();
      Path file =
          folder.resolve("annotations").resolve(name.substring(0, name.lastIndexOf('.')) + ".xml");
      List<Truth> faces = faces(file);
      Optional<Truth> main = faces.stream().findFirst();
      main.ifPresent(truth -> samples.add(new Sample(photo, truth.state(), faces)));
    }
    return samples;
  }

  /** Reads the faces of a VOC file, the largest first. */
  private static List<Truth> faces(Path file)
      throws IOException, ParserConfigurationException, SAXException {
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getDocumentElement();
    List<Truth> faces = new ArrayList<>();
    NodeList objects = root.getElementsByTagName("object");
    for (int i = 0; i < objects.getLength(); i++) {
      Element object = (Element) objects.item(i);
      faces.add(
          new Truth(
              text(object, "name"),
              new Box(
                  number(object, "xmin"),
                  number(object, "ymin"),
                  number(object, "xmax"),
                  number(object, "ymax"))));
    }
    faces.sort(Comparator.comparingDouble((Truth face) -> face.box().area()).reversed());
    return faces;
  }

  private static String text(Element parent, String name) {
    return parent.getElementsByTagName(name).item(0).getTextContent().strip();
  }

  private static double number(Element parent, String name) {
    return Double.parseDouble(text(parent, name));
  }
}
