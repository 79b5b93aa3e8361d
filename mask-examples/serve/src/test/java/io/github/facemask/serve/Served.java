package io.github.facemask.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.tensor.Precision;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A service with random weights, and drawn photos whose faces its detector finds. */
final class Served implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final int SPACE = 100;
  private static final int MARGIN = 20;
  private static final int HEIGHT = 120;

  private final Path folder;
  final FaceClassifier classifier;
  final Ensemble models;
  final FaceService service;
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Served(Path folder, FaceClassifier classifier, Ensemble models, FaceService service) {
    this.folder = folder;
    this.classifier = classifier;
    this.models = models;
    this.service = service;
  }

  /** Finds as many faces as the width of a photo of {@link Served#photo} has place for. */
  private record ByWidth() implements FaceDetector {
    @Override
    public List<Detection> detect(Pixels photo) {
      List<Detection> found = new ArrayList<>();
      for (int left = MARGIN; left + SPACE <= photo.width(); left += SPACE) {
        found.add(
            new Detection(
                new Box(left, 30, left + 60.5, 100),
                0.75,
                "by width",
                List.of(
                    new Point(left + 15, 50),
                    new Point(left + 45, 50),
                    new Point(left + 30, 65),
                    new Point(left + 20, 80),
                    new Point(left + 40, 80))));
      }
      return found;
    }

    @Override
    public FaceCropSettings.Detector settings() {
      return new FaceCropSettings.Detector("by width", "", Map.of());
    }
  }

  /** Starts a service on a free port. */
  static Served start(UnaryOperator<FaceService.Builder> choices) throws IOException {
    return start(choices, UnaryOperator.identity());
  }

  static Served start(
      UnaryOperator<FaceService.Builder> choices, UnaryOperator<FaceClassifier.Builder> options)
      throws IOException {
    Path folder = Files.createTempDirectory("facemask-served");
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    ModelFolder.write(
        folder,
        network,
        Initialization.random(network, 3),
        Optional.empty(),
        new ModelOrigin(
            new RunId("run"), Digest.ofText("t"), Digest.ofText("v"), ImmutableList.of("a"), 1));
    FaceClassifier classifier =
        options
            .apply(
                FaceClassifier.builder(folder)
                    .optPrecision(Precision.FLOAT32)
                    .optFaceSearch(FaceCrop.by(new ByWidth())))
            .open();
    Ensemble models = Ensemble.open(folder);
    FaceService service =
        choices.apply(FaceService.builder(classifier).optModels(models).optPort(0)).start();
    return new Served(folder, classifier, models, service);
  }

  /** Draws a photo. */
  static byte[] photo(int faces, long seed, String format) {
    BufferedImage photo =
        new BufferedImage(MARGIN + SPACE * faces, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = photo.createGraphics();
    Random random = new Random(seed);
    pen.setColor(new Color(random.nextInt(1 << 24)));
    pen.fillRect(0, 0, photo.getWidth(), photo.getHeight());
    for (int i = 0; i < 40 * Math.max(1, faces); i++) {
      pen.setColor(new Color(random.nextInt(1 << 24)));
      pen.fillRect(
          random.nextInt(photo.getWidth()), random.nextInt(HEIGHT), 1 + random.nextInt(30), 20);
    }
    pen.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(photo, format, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }

  static byte[] photo(int faces, long seed) {
    return photo(faces, seed, "jpg");
  }

  /** Returns the body of a form with the files, whose boundary is {@code edge}. */
  static byte[] form(Map<String, byte[]> files) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    files.forEach(
        (name, bytes) -> {
          body.writeBytes(
              ("--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\""
                      + name
                      + "\"\r\nContent-Type: image/jpeg\r\n\r\n")
                  .getBytes(UTF_8));
          body.writeBytes(bytes);
          body.writeBytes("\r\n".getBytes(UTF_8));
        });
    body.writeBytes("--edge--\r\n".getBytes(UTF_8));
    return body.toByteArray();
  }

  static final String FORM = "multipart/form-data; boundary=edge";

  /** What the library answers for a photo, as the service should write it. */
  JsonNode expected(String name, byte[] photo) throws IOException {
    Map<String, FaceClassifier.PhotoSource> one = new LinkedHashMap<>();
    one.put("photo", () -> photo);
    List<FaceClassifier.FacesAnswer> answers = new ArrayList<>();
    classifier.classifyAllFaces(one, answers::add);
    FaceClassifier.FacesAnswer answer = answers.get(0);
    return JSON.readTree(
        FaceJson.photo(
                name,
                new FaceClassifier.FacesAnswer(
                    name,
                    answer.height(),
                    answer.width(),
                    classifier.classifyFaces(photo),
                    Optional.empty()))
            .toString());
  }

  /**
   * Asserts that two answers have the same fields, and numbers that differ by no more than
   * rounding.
   */
  static void assertSame(JsonNode found, JsonNode expected) {
    assertThat(found.getNodeType()).isEqualTo(expected.getNodeType());
    if (expected.isNumber()) {
      assertThat(found.asDouble()).isCloseTo(expected.asDouble(), within(1e-6));
    } else if (expected.isContainerNode()) {
      assertThat(found).hasSameSizeAs(expected);
      assertThat(ImmutableList.copyOf(found.fieldNames()))
          .isEqualTo(ImmutableList.copyOf(expected.fieldNames()));
      Iterator<JsonNode> others = expected.iterator();
      found.forEach(value -> assertSame(value, others.next()));
    } else {
      assertThat(found).isEqualTo(expected);
    }
  }

  URI at(String path) {
    return service.uri().resolve(path);
  }

  HttpResponse<byte[]> post(String path, String type, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path)).POST(BodyPublishers.ofByteArray(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    return send(request.build());
  }

  HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(at(path)).build());
  }

  HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<byte[]> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
    classifier.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
