package io.github.facemask.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FaceClassifier.FacesAnswer;
import io.github.facemask.classify.HeatMap;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.serve.Places.Place;
import io.github.facemask.serve.RequestProblem.Kind;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the service. Thread-safe. */
final class Routes {

  /** The paths; others are not counted by name. */
  static final ImmutableSet<String> PATHS =
      ImmutableSet.of(
          "/",
          "/page.css",
          "/page.js",
          "/icon.svg",
          "/openapi.json",
          "/v1/faces",
          "/v1/heatmap",
          "/v1/model",
          "/health/live",
          "/health/ready",
          "/metrics");

  private static final ImmutableSet<String> POSTED = ImmutableSet.of("/v1/faces", "/v1/heatmap");

  private static final Logger LOG = LoggerFactory.getLogger(FaceService.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SQUARES = 8;
  private static final int MOST_SQUARES = 16;

  private final FaceClassifier classifier;
  private final Limits limits;
  private final Places places;
  private final Body bodies;
  private final PhotoDecoder decoder;
  private final Batcher batcher;
  private final ExecutorService heatMaps;
  private final Gate gate;
  private final ServiceMetrics metrics;
  private final ObjectNode model;

  Routes(
      FaceClassifier classifier,
      Limits limits,
      Places places,
      Batcher batcher,
      ExecutorService heatMaps,
      Gate gate,
      ServiceMetrics metrics,
      ObjectNode model) {
    this.classifier = classifier;
    this.limits = limits;
    this.places = places;
    this.bodies = new Body(limits);
    this.decoder = PhotoDecoder.builder().optMaxPixels(limits.pixels()).build();
    this.batcher = batcher;
    this.heatMaps = heatMaps;
    this.gate = gate;
    this.metrics = metrics;
    this.model = model;
  }

  /** Returns the methods of a path, as in the header Allow; nothing for an unknown path. */
  static ImmutableList<String> methods(String path) {
    if (POSTED.contains(path)) {
      return ImmutableList.of("POST", "OPTIONS");
    }
    return PATHS.contains(path) ? ImmutableList.of("GET", "HEAD", "OPTIONS") : ImmutableList.of();
  }

  void addTo(RoutesConfig routes) throws IOException {
    Page.assets()
        .forEach(
            (path, asset) ->
                routes.get(path, ctx -> send(ctx, asset.contentType(), asset.bytes())));
    routes.post("/v1/faces", this::faces);
    routes.post("/v1/heatmap", this::heatMap);
    routes.get("/v1/model", ctx -> json(ctx, model));
    routes.get("/health/live", ctx -> json(ctx, JSON.createObjectNode().put("status", "up")));
    routes.get("/health/ready", this::ready);
    routes.get(
        "/metrics", ctx -> send(ctx, ServiceMetrics.CONTENT_TYPE, metrics.text().getBytes(UTF_8)));
    routes.exception(RequestProblem.class, (problem, ctx) -> refuse(ctx, problem));
    routes.exception(HttpResponseException.class, (e, ctx) -> refuse(ctx, problem(e, ctx)));
    routes.exception(
        Exception.class,
        (e, ctx) -> {
          LOG.error("a request failed", e);
          refuse(ctx, RequestProblem.defect(e));
        });
  }

  private static RequestProblem problem(HttpResponseException e, Context ctx) {
    Kind kind = Kind.ofStatus(e.getStatus());
    return RequestProblem.of(
        kind,
        switch (kind) {
          case NOT_FOUND -> "the service has no such path; /openapi.json has all of them";
          case METHOD_NOT_ALLOWED -> "the path is not for " + ctx.method().name();
          default -> "the request cannot be answered";
        });
  }

  private void refuse(Context ctx, RequestProblem problem) {
    if (ctx.method().name().equals("POST")) {
      bodies.drop(ctx.req());
      metrics.refused(problem.kind());
    }
    problem.retryAfter().ifPresent(s -> ctx.header("Retry-After", Integer.toString(s)));
    ctx.status(problem.kind().status());
    send(ctx, RequestProblem.CONTENT_TYPE, problem.json().toString().getBytes(UTF_8));
  }

  private static void json(Context ctx, ObjectNode json) {
    send(ctx, "application/json", json.toString().getBytes(UTF_8));
  }

  private static void send(Context ctx, String contentType, byte[] bytes) {
    // Javalin would add a charset, also to a picture.
    ctx.res().setCharacterEncoding(null);
    ctx.contentType(contentType).result(bytes);
  }

  private void ready(Context ctx) {
    boolean ready = !gate.isShut();
    ctx.status(ready ? 200 : 503);
    json(ctx, JSON.createObjectNode().put("status", ready ? "ready" : "stopping"));
  }

  private void faces(Context ctx) throws RequestProblem, InterruptedException {
    Upload.Type type = checkedType(ctx);
    checkParameters(ctx, ImmutableSet.of());
    try (Place place = places.take()) {
      Upload upload = Upload.of(bodies.read(ctx.req(), place), type, limits.photos());
      ObjectNode json = JSON.createObjectNode();
      ArrayNode photos = json.putArray("photos");
      if (!upload.several()) {
        PhotoFile photo = upload.photos().get(0);
        photos.add(FaceJson.photo(photo.name(), answer(submit(photo))));
      } else {
        List<CompletableFuture<FacesAnswer>> answers = new ArrayList<>();
        for (PhotoFile photo : upload.photos()) {
          answers.add(submitted(photo));
        }
        for (int i = 0; i < answers.size(); i++) {
          photos.add(one(upload.photos().get(i).name(), answers.get(i)));
        }
      }
      json(ctx, json);
    }
  }

  /** The answer of one photo of several: an error does not spoil the others. */
  private ObjectNode one(String name, CompletableFuture<FacesAnswer> answer)
      throws InterruptedException {
    try {
      return FaceJson.photo(name, answer(answer));
    } catch (RequestProblem e) {
      return FaceJson.photo(name, e);
    }
  }

  private CompletableFuture<FacesAnswer> submitted(PhotoFile photo) {
    try {
      return submit(photo);
    } catch (RequestProblem e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<FacesAnswer> submit(PhotoFile photo) throws RequestProblem {
    return batcher.classify(photo, pixels(photo));
  }

  /** Checks a photo by its header, before any memory is taken for its pixels. */
  private long pixels(PhotoFile photo) throws RequestProblem {
    if (!photo.ofKnownFormat()) {
      metrics.unreadablePhoto();
      if (photo.bytes().length == 0) {
        throw RequestProblem.of(
            Kind.UNSUPPORTED_TYPE, Problem.of("photo", "", "the bytes of a photo"));
      }
      try {
        decoder.pixels(photo.bytes(), photo.name());
      } catch (UnreadablePhotoException e) { // names what the file is
        throw RequestProblem.of(Kind.UNSUPPORTED_TYPE, e.problem());
      }
    }
    try {
      return decoder.pixels(photo.bytes(), photo.name());
    } catch (UnreadablePhotoException e) {
      throw unreadable(e);
    }
  }

  private RequestProblem unreadable(UnreadablePhotoException e) {
    metrics.unreadablePhoto();
    return RequestProblem.of(Kind.UNREADABLE_PHOTO, e.reason());
  }

  private FacesAnswer answer(CompletableFuture<FacesAnswer> waiting)
      throws RequestProblem, InterruptedException {
    FacesAnswer answer = await(waiting);
    if (answer.error().isPresent()) {
      throw problem(answer.error().get());
    }
    metrics.photo(answer.faces().size());
    return answer;
  }

  private <T> T await(CompletableFuture<T> waiting) throws RequestProblem, InterruptedException {
    try {
      return waiting.get();
    } catch (ExecutionException e) {
      throw problem(e.getCause());
    }
  }

  private RequestProblem problem(Throwable e) {
    if (e instanceof RequestProblem known) {
      return known;
    }
    if (e instanceof UnreadablePhotoException photo) {
      return unreadable(photo);
    }
    if (e instanceof InvalidArgumentException invalid) {
      return RequestProblem.of(Kind.WRONG_VALUE, invalid.problem());
    }
    if (gate.isShut()) {
      return RequestProblem.of(Kind.STOPPING, "it was stopped before the answer");
    }
    LOG.error("a photo could not be classified", e);
    return RequestProblem.defect(e);
  }

  private void heatMap(Context ctx) throws RequestProblem, InterruptedException, IOException {
    Upload.Type type = checkedType(ctx);
    checkParameters(ctx, ImmutableSet.of("face", "squares"));
    int face = number(ctx, "face", 0);
    int squares = number(ctx, "squares", SQUARES);
    if (squares < 2 || squares > MOST_SQUARES) {
      throw RequestProblem.of(
          Kind.WRONG_VALUE, Problem.of("squares", squares, "2 to " + MOST_SQUARES));
    }
    try (Place place = places.take()) {
      PhotoFile photo = Upload.of(bodies.read(ctx.req(), place), type, 1).photos().get(0);
      pixels(photo);
      CompletableFuture<HeatMap> map = new CompletableFuture<>();
      heatMaps.execute(
          () -> {
            try {
              map.complete(classifier.explainFace(photo.bytes(), face, squares));
            } catch (IOException | RuntimeException | Error e) {
              map.completeExceptionally(e);
            }
          });
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      // The JDK's own stream would keep the picture in a file.
      try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
        ImageIO.write(await(map).picture(), "png", out);
      }
      send(ctx, "image/png", png.toByteArray());
    }
  }

  /** A misspelt parameter would otherwise be answered as if it were not there. */
  private static void checkParameters(Context ctx, ImmutableSet<String> known)
      throws RequestProblem {
    for (String name : ctx.queryParamMap().keySet()) {
      if (!known.contains(name)) {
        throw RequestProblem.of(
            Kind.WRONG_VALUE,
            Problem.of(
                "parameter",
                name,
                known.isEmpty() ? "none for this path" : "one of " + String.join(", ", known)));
      }
    }
  }

  private static int number(Context ctx, String name, int usual) throws RequestProblem {
    String text = ctx.queryParam(name);
    if (text == null) {
      return usual;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw RequestProblem.of(Kind.WRONG_VALUE, Problem.of(name, text, "a whole number"));
    }
  }

  /** Refuses requests that a page of another site makes its visitors send. */
  private static Upload.Type checkedType(Context ctx) throws RequestProblem {
    if ("cross-site".equals(ctx.header("Sec-Fetch-Site"))) {
      throw RequestProblem.of(
          Kind.OTHER_SITE,
          "a page of another site sent it; the service answers its own page alone");
    }
    return Upload.type(ctx.header("Content-Type"));
  }
}
