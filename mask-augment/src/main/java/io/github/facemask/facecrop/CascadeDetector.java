package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceCropSettings.PrimarySubject;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.internal.matrix.PixelMatrix;
import io.github.facemask.internal.opencv.OpenCv;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_objdetect;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.CascadeClassifier;

/**
 * Finds faces with the Haar cascades that come with OpenCV (Viola and Jones, 2001; Lienhart and
 * Maydt, 2002), in steps: frontal faces; pairs of eyes, which a mask does not cover; profiles to
 * either side and another cascade of frontal faces; pairs of eyes at a finer size. The search stops
 * at the first step that finds a face that is likely the {@linkplain PrimarySubject primary
 * subject}, so that a bystander without a mask does not hide a subject with one. A photo is
 * searched at a limited size.
 *
 * <p>The score is n / (n + 4) for a window that n neighbouring windows confirm, and lower for eyes
 * and profiles. Faces that cascades of several kinds agree on are merged into one, with the score 1
 * - (1 - a)(1 - b).
 *
 * <p>Thread-safe: the native classifiers are in a pool with one set for each processor.
 */
final class CascadeDetector implements FaceDetector {

  static final String NAME = "cascade";

  /** Incremented when a change of the search finds other faces. */
  private static final double VERSION = 2;

  private static final double SECOND_TRUST = 0.9;
  private static final double EYES_TRUST = 0.8;
  private static final double PROFILE_TRUST = 0.7;
  private static final double SCALE_STEP = 1.1;
  private static final int NEIGHBOURS = 3;
  private static final int EYE_NEIGHBOURS = 2;
  private static final double SURE = 0.65;
  private static final double USABLE = 0.3;
  private static final double FINER = 1.75;
  private static final double SAME_FACE = 0.4;

  private final int longestSide;
  private final double smallestFace;
  private final NativePool<Cascades> cascades = new NativePool<>(Cascades::new);

  private CascadeDetector(int longestSide, double smallestFace) {
    this.longestSide = longestSide;
    this.smallestFace = smallestFace;
  }

  /**
   * Returns a detector that searches at 256 pixels for faces of at least a tenth of the shorter
   * side.
   */
  public static CascadeDetector create() {
    return new CascadeDetector(256, 0.1);
  }

  /**
   * Returns the same detector for another size.
   *
   * @param pixels the longest side at which photos are searched, 100 to 2000
   * @return the changed detector
   */
  @CheckReturnValue
  public CascadeDetector withLongestSide(int pixels) {
    check(pixels >= 100 && pixels <= 2000, "longestSide", pixels, "100 to 2000");
    return new CascadeDetector(pixels, smallestFace);
  }

  /**
   * Returns the same detector for other face sizes.
   *
   * @param share the side of the smallest face over the photo's shorter side, above 0 to 1
   * @return the changed detector
   */
  @CheckReturnValue
  public CascadeDetector withSmallestFace(double share) {
    check(share > 0 && share <= 1, "smallestFace", share, "above 0 to 1");
    return new CascadeDetector(longestSide, share);
  }

  @Override
  public List<Detection> detect(Pixels photo) {
    return cascades.with(own -> detect(own, photo));
  }

  private List<Detection> detect(Cascades own, Pixels photo) {
    List<Detection> found = search(photo, longestSide, (grey, least) -> find(own, grey, least));
    if (!hasSubject(merged(found), photo.height(), photo.width(), USABLE)) {
      int fine = (int) Math.rint(FINER * longestSide);
      found.addAll(search(photo, fine, (grey, least) -> eyes(own, grey, least)));
    }
    return merged(found).stream()
        .sorted(
            Comparator.comparingDouble(Detection::score)
                .reversed()
                .thenComparingDouble(face -> face.box().left())
                .thenComparingDouble(face -> face.box().top()))
        .toList();
  }

  /** Finds faces on a grey photo, with a smallest side in its pixels. */
  private interface Search {
    List<Detection> find(Mat grey, int smallest);
  }

  /** Searches a photo at a limited size; the boxes are in the photo's own pixels. */
  private List<Detection> search(Pixels photo, int side, Search search) {
    double scale = Math.min(1, (double) side / Math.max(photo.height(), photo.width()));
    int height = (int) Math.max(1, Math.rint(photo.height() * scale));
    int width = (int) Math.max(1, Math.rint(photo.width() * scale));
    Pixels small = Resampler.resize(photo, height, width, Interpolation.BILINEAR);
    double toX = (double) photo.width() / width;
    double toY = (double) photo.height() / height;
    int smallest = (int) Math.rint(smallestFace * Math.min(height, width));
    List<Detection> found = new ArrayList<>();
    try (Mat color = PixelMatrix.toMat(small);
        Mat grey = new Mat()) {
      opencv_imgproc.cvtColor(color, grey, opencv_imgproc.COLOR_RGB2GRAY);
      for (Detection face : search.find(grey, smallest)) {
        found.add(new Detection(face.box().scaled(toX, toY), face.score(), face.source()));
      }
    }
    return found;
  }

  private static List<Detection> find(Cascades own, Mat grey, int smallest) {
    List<Detection> found = windows(own.frontal, grey, smallest, NEIGHBOURS, "frontal", 1);
    if (hasSubject(found, grey.rows(), grey.cols(), SURE)) {
      return found;
    }
    found.addAll(eyes(own, grey, smallest));
    if (hasSubject(merged(found), grey.rows(), grey.cols(), SURE)) {
      return found;
    }
    found.addAll(windows(own.second, grey, smallest, NEIGHBOURS, "second frontal", SECOND_TRUST));
    found.addAll(profiles(own.profile, grey, smallest));
    return found;
  }

  private static boolean hasSubject(List<Detection> faces, int height, int width, double score) {
    PrimarySubject rule = PrimarySubject.PORTRAIT.withThresholds(0, PrimarySubject.NEVER, 0.1);
    return rule.choose(faces, height, width)
        .filter(face -> face.score() >= score)
        .filter(face -> rule.accepts(face, height, width))
        .isPresent();
  }

  private static List<Detection> eyes(Cascades own, Mat grey, int smallest) {
    int eye = Math.max(8, smallest / 4);
    List<Detection> eyes = windows(own.eyes, grey, eye, EYE_NEIGHBOURS, "eyes", EYES_TRUST);
    eyes.addAll(windows(own.glasses, grey, eye, EYE_NEIGHBOURS, "eyes", SECOND_TRUST));
    return facesOfEyes(eyes);
  }

  private static List<Detection> profiles(CascadeClassifier cascade, Mat grey, int smallest) {
    List<Detection> faces = windows(cascade, grey, smallest, NEIGHBOURS, "profile", PROFILE_TRUST);
    try (Mat mirrored = new Mat()) {
      opencv_core.flip(grey, mirrored, 1);
      for (Detection face :
          windows(cascade, mirrored, smallest, NEIGHBOURS, "profile", PROFILE_TRUST)) {
        Box box = face.box();
        double left = grey.cols() - box.right();
        faces.add(
            new Detection(
                new Box(left, box.top(), left + box.width(), box.bottom()),
                face.score(),
                face.source()));
      }
    }
    return faces;
  }

  /**
   * Merges overlapping faces into one: the box with the highest score, whose score rises once for
   * each kind of cascade that confirms it.
   */
  static List<Detection> merged(List<Detection> found) {
    List<Detection> sorted =
        found.stream().sorted(Comparator.comparingDouble(Detection::score).reversed()).toList();
    List<Detection> faces = new ArrayList<>();
    List<Set<String>> kinds = new ArrayList<>();
    for (Detection next : sorted) {
      int same = 0;
      while (same < faces.size() && faces.get(same).box().overlap(next.box()) < SAME_FACE) {
        same++;
      }
      if (same == faces.size()) {
        faces.add(next);
        kinds.add(new HashSet<>(Set.of(next.source())));
      } else if (kinds.get(same).add(next.source())) {
        Detection face = faces.get(same);
        double score = 1 - (1 - face.score()) * (1 - next.score());
        faces.set(same, new Detection(face.box(), score, face.source()));
      }
    }
    return faces;
  }

  private static List<Detection> windows(
      CascadeClassifier cascade,
      Mat grey,
      int smallest,
      int leastNeighbours,
      String source,
      double trust) {
    List<Detection> found = new ArrayList<>();
    try (RectVector boxes = new RectVector();
        IntPointer neighbours = new IntPointer();
        Size from = new Size(smallest, smallest);
        Size to = new Size()) {
      cascade.detectMultiScale2(grey, boxes, neighbours, SCALE_STEP, leastNeighbours, 0, from, to);
      for (int i = 0; i < boxes.size(); i++) {
        try (Rect box = boxes.get(i)) {
          double count = neighbours.get(i);
          found.add(
              new Detection(
                  new Box(box.x(), box.y(), box.x() + box.width(), box.y() + box.height()),
                  trust * count / (count + 4),
                  source));
        }
      }
    }
    return found;
  }

  /**
   * Makes faces from pairs of eyes: of similar size, side by side, one and a half to three and a
   * half eye windows apart. The face's side is 3.3 windows of the cascade, the eyes a third from
   * its top.
   */
  static List<Detection> facesOfEyes(List<Detection> eyes) {
    List<Detection> faces = new ArrayList<>();
    for (Detection left : eyes) {
      for (Detection right : eyes) {
        double size = (left.box().width() + right.box().width()) / 2;
        double dx = right.box().centerX() - left.box().centerX();
        double dy = Math.abs(right.box().centerY() - left.box().centerY());
        double ratio = left.box().width() / right.box().width();
        if (dx > size && dx < 3 * size && dy < 0.4 * size && ratio > 0.6 && ratio < 1.65) {
          double side = Math.max(3.3 * size, 2.2 * dx);
          double x = (left.box().centerX() + right.box().centerX()) / 2 - side / 2;
          double y = (left.box().centerY() + right.box().centerY()) / 2 - side * 0.36;
          faces.add(
              new Detection(
                  new Box(x, y, x + side, y + side),
                  Math.min(left.score(), right.score()),
                  "eyes"));
        }
      }
    }
    return faces;
  }

  /** Returns the detector with some settings, if this version supports them. */
  static CascadeDetector of(FaceCropSettings.Detector settings) {
    CascadeDetector usual = create();
    return usual
        .withLongestSide(
            (int)
                settings
                    .options()
                    .getOrDefault("longestSide", (double) usual.longestSide)
                    .doubleValue())
        .withSmallestFace(settings.options().getOrDefault("smallestFace", usual.smallestFace));
  }

  @Override
  public FaceCropSettings.Detector settings() {
    return new FaceCropSettings.Detector(
        NAME,
        "",
        ImmutableMap.of(
            "version", VERSION, "longestSide", (double) longestSide, "smallestFace", smallestFace));
  }

  /** A set of native classifiers; freed when it is collected. */
  private static final class Cascades {

    final CascadeClassifier frontal = load("haarcascade_frontalface_alt2.xml");
    final CascadeClassifier second = load("haarcascade_frontalface_default.xml");
    final CascadeClassifier eyes = load("haarcascade_eye.xml");
    final CascadeClassifier glasses = load("haarcascade_eye_tree_eyeglasses.xml");
    final CascadeClassifier profile = load("haarcascade_profileface.xml");

    private static CascadeClassifier load(String name) {
      OpenCv.load();
      Loader.load(opencv_objdetect.class);
      String resource =
          "/org/bytedeco/opencv/" + Loader.getPlatform() + "/share/opencv4/haarcascades/" + name;
      try {
        File file = Loader.cacheResource(resource);
        if (file == null) {
          throw new IllegalStateException(
              "OpenCV's native library has no " + resource + ", expected org.bytedeco:opencv's");
        }
        return new CascadeClassifier(file.getPath());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot extract " + resource, e);
      }
    }
  }
}
