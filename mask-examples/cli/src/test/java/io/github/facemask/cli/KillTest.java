package io.github.facemask.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.hub.HubServer;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.lab.synthetic.FaceBox;
import io.github.facemask.lab.synthetic.SyntheticTruth;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Commands that are killed without any chance to tidy up. What they write is there whole or not at
 * all, and the same command, or resume, then ends as if nothing had happened.
 */
class KillTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path model;

  /** Photos of people without masks, in folders of women and men. */
  private static Path bare;

  /** The faces on them. */
  private static Path faces;

  /** A table of photos that knows no person, no gender and no age. */
  private static Path masks;

  /** Sends the published weights. */
  private static HubServer hub;

  /** What is killed, and how often: fifty times with the service. */
  private enum Job {
    TRAIN(8),
    PRETRAINED(4),
    OVERLAY(5),
    PARTIAL(4),
    CACHE(4),
    CROP(3),
    EXPORT(3),
    ENSEMBLE(3),
    PREDICT(4),
    DRAW(5),
    SUBMIT(2),
    SYNTH(2);

    private final int kills;

    Job(int kills) {
      this.kills = kills;
    }

    /** The command; all that it writes lies in a folder of its own. */
    List<Object> arguments(Path into) {
      return switch (this) {
        case TRAIN -> train(photos, into, "--epochs", 2, "--ema", 0.9);
        case PRETRAINED -> train(photos, into, "--epochs", 1, "--weights", "pretrained");
        case OVERLAY ->
            train(
                bare,
                into,
                "--epochs",
                2,
                "--assume",
                "mask=not_worn",
                "--overlay",
                "0.4,0.3",
                "--overlay-faces",
                faces);
        case PARTIAL -> train(masks, into, "--epochs", 2, "--ema", 0.9);
        case DRAW ->
            ImmutableList.of(
                "predict",
                "--csv",
                "--model",
                model,
                "--draw",
                into.resolve("out/drawn"),
                "--out",
                into.resolve("out/answers.csv"),
                bare.resolve("female"));
        case CACHE -> train(photos, into, "--epochs", 1, "--cache-dir", into.resolve("cache"));
        case CROP -> ImmutableList.of("crop", "--data", photos, "--out", into.resolve("out"));
        case EXPORT -> ImmutableList.of("export", "--model", model, "--out", into.resolve("out"));
        case ENSEMBLE ->
            ImmutableList.of("ensemble", "--flip", "--out", into.resolve("out"), model);
        case PREDICT ->
            ImmutableList.of(
                "predict", "--data", photos, "--model", model, "--out", into.resolve("out"));
        case SUBMIT ->
            ImmutableList.of(
                "submit", "--data", photos, "--model", model, "--out", into.resolve("out"));
        case SYNTH -> ImmutableList.of("synth", "--people", 36, "--out", into.resolve("out"));
      };
    }

    private static List<Object> train(Path data, Path into, Object... more) {
      List<Object> all = new ArrayList<>(ImmutableList.of("train", "--data", data));
      all.addAll(ImmutableList.of("--runs", into.resolve("runs"), "--name", "run"));
      all.addAll(ImmutableList.of("--size", 32, "--valid-share", 0.4, "--threads", 1));
      all.addAll(ImmutableList.copyOf(more));
      return all;
    }

    boolean trains() {
      return ordinal() <= CACHE.ordinal();
    }
  }

  @BeforeAll
  static void train() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
    prepareOthers();
    Path whole = folder.resolve("whole-" + Job.TRAIN);
    succeed(Job.TRAIN.arguments(whole));
    model = run(whole).orElseThrow();
  }

  private static void prepareOthers() throws IOException {
    bare = folder.resolve("bare");
    Map<String, SyntheticTruth> truths = new HashMap<>();
    SyntheticTruth.read(photos).forEach(truth -> truths.put(truth.photo(), truth));
    List<CropDecision> found = new ArrayList<>();
    StringBuilder table = new StringBuilder("path,mask\n");
    try (Stream<Path> all = Files.walk(photos.resolve("train/images"))) {
      for (Path photo : all.filter(DrawnPhotos::isPhoto).sorted().toList()) {
        String person = photo.getParent().getFileName().toString();
        String name = photo.getFileName().toString();
        String mask = name.startsWith("normal") ? "no" : name.startsWith("inc") ? "wrong" : "yes";
        table.append(photo + "," + mask + "\n");
        if (mask.equals("no")) {
          Path to = bare.resolve(person.contains("female") ? "female" : "male");
          Path copy = Files.copy(photo, Files.createDirectories(to).resolve(person + ".jpg"));
          found.add(face(copy, truths.get(person + "/" + name.replace(".jpg", ""))));
        }
      }
    }
    faces = folder.resolve("faces.jsonl");
    CropTable.of(found).write(faces);
    masks = Files.writeString(folder.resolve("masks.csv"), table.toString());
  }

  private static CropDecision face(Path photo, SyntheticTruth truth) throws IOException {
    Pixels pixels = PhotoDecoder.create().decode(photo);
    FaceBox face = truth.face();
    Box box = new Box(face.x(), face.y(), face.x() + face.width(), face.y() + face.height());
    return new CropDecision(
        bare.relativize(photo).toString(),
        Digest.ofFile(photo).hex(),
        pixels.height(),
        pixels.width(),
        box,
        CropDecision.Rule.PRIMARY_SUBJECT,
        "as it was drawn",
        0,
        List.of(new Detection(box, 0.9, "drawn")),
        FaceCropSettings.of(new FaceCropSettings.Detector("drawn", "", Map.of())));
  }

  @Test
  void fourKills() throws Exception {
    Random random = new Random(1);
    for (Job job : List.of(Job.TRAIN, Job.OVERLAY, Job.DRAW, Job.EXPORT)) {
      Path into = folder.resolve("few-" + job);
      String whole = reference(job);
      for (int tries = 0; !killed(job, into, whileWriting(random)); tries++) {
        // It had ended: a small file is written within a millisecond or two.
        assertThat(tries).as("%s", job).isLessThan(8);
        into = folder.resolve("few-" + job + tries);
      }
      checkAndGoOn(job, into, whole);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void fiftyKills(Job job) throws Exception {
    if (job != Job.PRETRAINED) {
      kill(job);
      return;
    }
    Path file = folder.resolve("published.safetensors");
    Safetensors.write(
        file, Initialization.random(Backbones.get("resnet18").network(1000), 3), Map.of());
    try (HubServer server =
        new HubServer("timm/resnet18.a1_in1k", "model.safetensors", Files.readAllBytes(file))
            .pausing(1 << 20, 20)) {
      hub = server;
      kill(job);
    }
  }

  private static void kill(Job job) throws Exception {
    Random random = new Random(job.ordinal());
    long start = System.nanoTime();
    Path timed = folder.resolve("timed-" + job);
    Files.createDirectories(timed);
    Process unkilled = start(job, timed);
    assertThat(unkilled.waitFor()).as(log(timed)).isZero();
    long millis = (System.nanoTime() - start) / 1_000_000;
    String whole = fingerprint(job, timed);
    int writing = 0;
    int anywhere = 0;
    for (int i = 0; writing + anywhere < job.kills; i++) {
      boolean odd = i % 2 == 1;
      Path into = folder.resolve("many-" + job + i);
      Moment moment = odd ? whileWriting(random) : after((long) (millis * random.nextDouble()));
      if (killed(job, into, moment)) {
        writing += odd ? 1 : 0;
        anywhere += odd ? 0 : 1;
      }
      checkAndGoOn(job, into, whole);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: killed %d times while a file was written, %d times at any time of %d ms%n",
        job,
        writing,
        anywhere,
        millis);
  }

  /** A service writes nothing; the next one starts on the same port. */
  @Test
  @Tag("slow")
  void aKilledServiceStartsAgainOnItsPort() throws Exception {
    Random random = new Random(7);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path log = folder.resolve("serve.log");
    for (int kill = 0; kill < 3; kill++) {
      Process process =
          MaskProcess.start(log, List.of(), "serve", "--model", model, "--port", port);
      while (process.isAlive() && !Files.readString(log).contains("Ctrl-C stops")) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket
            .getOutputStream()
            .write(
                "POST /v1/faces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
                    .getBytes(UTF_8));
        process.waitFor(random.nextInt(200), TimeUnit.MILLISECONDS);
        assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
      }
    }
  }

  /** Waits for the moment of a kill. */
  @FunctionalInterface
  private interface Moment {
    void await(Process process, Path into) throws Exception;
  }

  private static Moment after(long millis) {
    return (process, into) -> process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** A short while after something is first seen that is being written aside. */
  private static Moment whileWriting(Random random) {
    int micros = random.nextInt(3) * random.nextInt(10_000);
    int skipped = random.nextInt(3);
    return (process, into) -> {
      int seen = 0;
      String last = "";
      while (process.isAlive() && seen <= skipped) {
        String aside = aside(into);
        if (!aside.isEmpty() && !aside.equals(last)) {
          seen++;
          last = aside;
        }
        process.waitFor(1, TimeUnit.MILLISECONDS);
        if (seen > 0 && aside.isEmpty()) {
          break;
        }
      }
      process.waitFor(micros, TimeUnit.MICROSECONDS);
    };
  }

  private static boolean isAside(String file) {
    return file.contains(".writing-")
        || file.endsWith(".weights.new")
        || file.endsWith(".incomplete");
  }

  private static String aside(Path into) {
    try (Stream<Path> all = Files.walk(into)) {
      return all.map(Path::toString).filter(KillTest::isAside).findFirst().orElse("");
    } catch (IOException | java.io.UncheckedIOException moved) {
      return "";
    }
  }

  /** Runs a job and kills it; returns whether it was still running then. */
  private static boolean killed(Job job, Path into, Moment moment) throws Exception {
    Files.createDirectories(into);
    Process process = start(job, into);
    moment.await(process, into);
    process.destroyForcibly();
    int code = process.waitFor();
    if (code != 0) {
      assertThat(code).as(log(into)).isEqualTo(137);
    }
    return code != 0;
  }

  private static void checkAndGoOn(Job job, Path into, String whole) throws IOException {
    if (job.trains()) {
      checkRun(into);
    } else if (job == Job.DRAW) {
      checkDrawn(into.resolve("out/drawn"));
    } else if (Files.exists(into.resolve("out"))) {
      assertThat(fingerprint(job, into)).as("%s, killed", into).isEqualTo(whole);
      return;
    }
    Optional<Path> run = run(into);
    if (run.isPresent()) {
      finish(job, into, ImmutableList.of("resume", run.get()));
    } else {
      finish(job, into, job.arguments(into));
    }
    assertThat(fingerprint(job, into)).as("%s, gone on", into).isEqualTo(whole);
    try (Stream<Path> all = Files.walk(into)) {
      assertThat(all.map(Path::toString)).as("%s, gone on", into).noneMatch(KillTest::isAside);
    }
  }

  /** A photo that was drawn before the kill is whole. */
  private static void checkDrawn(Path drawn) throws IOException {
    if (Files.isDirectory(drawn)) {
      try (Stream<Path> all = Files.list(drawn)) {
        for (Path photo : all.filter(p -> p.toString().endsWith(".jpg")).toList()) {
          if (!isAside(photo.toString())) {
            assertThat(PhotoDecoder.create().decode(photo).width()).isPositive();
          }
        }
      }
    }
  }

  /** Whatever a killed run has can be read. */
  private static void checkRun(Path into) throws IOException {
    Optional<Path> run = run(into);
    if (run.isPresent()) {
      RunJson.record(RunFolder.open(run.get()));
      RunJson.metrics(RunFolder.open(run.get()));
      if (Files.exists(run.get().resolve("model/model.json"))) {
        assertThat(ModelFolder.open(run.get().resolve("model")).weights()).isNotEmpty();
      }
    }
  }

  private static String reference(Job job) throws IOException {
    Path into = folder.resolve("whole-" + job);
    if (job != Job.TRAIN) {
      finish(job, into, job.arguments(into));
    }
    return fingerprint(job, into);
  }

  /** What a job wrote, but for what names the time and the place. */
  private static String fingerprint(Job job, Path into) throws IOException {
    if (job.trains()) {
      Path run = run(into).orElseThrow();
      List<JsonNode> epochs = RunJson.metrics(RunFolder.open(run));
      epochs.forEach(e -> ((ObjectNode) e).remove("timing"));
      return ModelFolder.open(run.resolve("model")).weightsDigest()
          + " "
          + Digest.ofFile(run.resolve("model/weights.safetensors"))
          + " "
          + epochs
          + (job == Job.CACHE ? digests(into.resolve("cache")) : "")
          + (job == Job.PRETRAINED ? digests(into.resolve("hub")) : "");
    }
    return digests(into.resolve("out"));
  }

  private static String digests(Path file) throws IOException {
    StringBuilder digests = new StringBuilder();
    try (Stream<Path> all = Files.walk(file)) {
      for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
        // What another killed process left aside is no part of the result.
        if (!isAside(path.toString())) {
          digests
              .append(file.relativize(path))
              .append(' ')
              .append(Digest.ofFile(path))
              .append('\n');
        }
      }
    }
    return digests.toString();
  }

  private static Process start(Job job, Path into) throws IOException {
    return start(job, into, job.arguments(into));
  }

  /** Starts a command of a job; published weights come from a hub on this machine. */
  private static Process start(Job job, Path into, List<Object> arguments) throws IOException {
    ProcessBuilder builder = MaskProcess.builder(List.of(), arguments.toArray());
    if (job == Job.PRETRAINED) {
      builder.environment().put("HF_HUB_CACHE", into.resolve("hub").toString());
      builder.environment().put("TORCH_HOME", into.resolve("torch").toString());
      builder.environment().put("HF_ENDPOINT", hub.endpoint());
    }
    return builder.redirectErrorStream(true).redirectOutput(logFile(into).toFile()).start();
  }

  /**
   * Runs a command of a job to its end: here, or where it has its own environment, in a process.
   */
  private static void finish(Job job, Path into, List<Object> arguments) throws IOException {
    if (job != Job.PRETRAINED) {
      succeed(arguments);
      return;
    }
    Files.createDirectories(into);
    try {
      assertThat(start(job, into, arguments).waitFor()).as(log(into)).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Path logFile(Path into) {
    return into.resolveSibling(into.getFileName() + ".log");
  }

  private static String log(Path into) throws IOException {
    return Files.readString(logFile(into));
  }

  /** The folder of a run that has begun. */
  private static Optional<Path> run(Path into) throws IOException {
    Path runs = into.resolve("runs");
    if (!Files.exists(runs)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(r -> Files.exists(r.resolve("run.json")) && !isAside(r.toString()))
          .findFirst();
    }
  }

  private static void succeed(List<?> arguments) {
    MaskRun run = MaskRun.of(arguments.toArray());
    assertThat(run.code()).as(run.err()).isZero();
  }
}
