package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.hub.Hub;
import io.github.facemask.hub.HubServer;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full disks, read-only folders, names of all kinds, a locale without letters, many threads. */
class PlacesTest {

  /** The longest is 200 bytes. */
  private static final List<String> ODD_NAMES =
      List.of(
          "with spaces .jpg",
          "\uc0ac\uc9c4 \ud55c \uc7a5.jpg",
          "\ud83d\ude37\ud83d\ude00.jpg",
          "a, \"quoted\" 'one'.jpg",
          "l".repeat(196) + ".jpg",
          "\u0130stanbul \u0131\u015f\u0131k.jpg",
          "-- # %20 & = .jpg");

  @TempDir static Path folder;

  private static Path photos;
  private static Path model;

  /** A table of two of the photos, whose faces are soon found. */
  private static Path two;

  @BeforeAll
  static void prepare() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
    StringBuilder table = new StringBuilder("path,class\n");
    try (Stream<Path> all = Files.walk(photos.resolve("train/images"))) {
      all.filter(DrawnPhotos::isPhoto)
          .limit(2)
          .forEach(photo -> table.append(photo).append(",0\n"));
    }
    two = Files.writeString(folder.resolve("two.csv"), table.toString());
    model = folder.resolve("model");
    Tiny.model(model);
  }

  /** What each command writes into a folder; the page and the table come at their end. */
  private static Map<String, List<Object>> commands(Path into) {
    return ImmutableMap.<String, List<Object>>builder()
        .put("crops", ImmutableList.of("crop", "--data", two, "--out", into.resolve("crops")))
        .put(
            "predictions",
            ImmutableList.of(
                "predict",
                "--data",
                photos,
                "--model",
                model,
                "--out",
                into.resolve("predictions")))
        .put(
            "submission",
            ImmutableList.of(
                "submit", "--data", photos, "--model", model, "--out", into.resolve("submission")))
        .put(
            "exported",
            ImmutableList.of("export", "--model", model, "--out", into.resolve("exported")))
        .put("ensemble", ImmutableList.of("ensemble", "--out", into.resolve("ensemble"), model))
        .put("page", ImmutableList.of("analyse", "--data", photos, "--out", into.resolve("page")))
        .put(
            "report",
            ImmutableList.of(
                "report",
                "--data",
                photos,
                "--model",
                model,
                "--valid-share",
                0.4,
                "--out",
                into.resolve("report")))
        .put(
            "evaluation",
            ImmutableList.of(
                "evaluate",
                "--data",
                photos,
                "--model",
                model,
                "--valid-share",
                0.4,
                "--out",
                into.resolve("evaluation")))
        .put("drawn", ImmutableList.of("synth", "--people", 36, "--out", into.resolve("drawn")))
        .put("runs", train(into.resolve("runs")))
        .buildOrThrow();
  }

  private static List<Object> train(Path runs, Object... more) {
    List<Object> all = new ArrayList<>(ImmutableList.of("train", "--data", photos, "--runs", runs));
    all.addAll(
        ImmutableList.of(
            "--name",
            "run",
            "--backbone",
            "narrow_resnet",
            "--size",
            32,
            "--valid-share",
            0.4,
            "--epochs",
            1));
    all.addAll(ImmutableList.copyOf(more));
    return all;
  }

  /** The same for commands that write a file and a folder each, and are soon done. */
  private static Map<String, List<Object>> fewCommands(Path into, String... names) {
    Map<String, List<Object>> few = new LinkedHashMap<>(commands(into));
    few.keySet().retainAll(List.of(names));
    return few;
  }

  @Test
  void aDownloadAsksForRoomBeforeItsFirstByte() throws Exception {
    try (Mount mount = Mount.of(folder.resolve("small-cache"), "20m");
        HubServer server =
            new HubServer("timm/resnet18.a1_in1k", "model.safetensors", HubServer.bytes(8 << 20))) {
      Path small = mount.path();
      Hub hub =
          Hub.of(
              Map.of(
                  "HF_HUB_CACHE", small.toString(),
                  "TORCH_HOME", folder.resolve("torch").toString(),
                  "HF_ENDPOINT", server.endpoint()));
      Hub.Artifact file = Backbones.get("resnet18").pretrained().file();

      assertThatThrownBy(() -> hub.locate(file))
          .isInstanceOf(Hub.UnavailableException.class)
          .hasMessageContaining("needs 8 MiB in " + small)
          .hasMessageContaining("make room");
      assertThat(server.requests()).noneMatch(request -> request.startsWith("GET"));
      mount.readOnly();
      assertThatThrownBy(() -> hub.locate(file)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void onAFullDiskNothingIsLeft() throws Exception {
    try (Mount mount = Mount.of(folder.resolve("nearly-full"), "200m")) {
      Path full = mount.path();
      Path earlier = Files.writeString(full.resolve("predictions"), "of an earlier run");

      fillAndMakeRoom(
          mount, full, fewCommands(full, "predictions", "exported", "crops", "evaluation", "runs"));

      assertThat(earlier).content().startsWith("# {");
    }
  }

  @Test
  @Tag("slow")
  void onAFullDiskNoCommandLeavesAnything() throws Exception {
    try (Mount mount = Mount.of(folder.resolve("full"), "400m")) {
      Path full = mount.path();
      fillAndMakeRoom(mount, full, commands(full));
    }
  }

  private static void fillAndMakeRoom(Mount mount, Path full, Map<String, List<Object>> commands)
      throws Exception {
    Path filler = mount.fill(0);
    Map<String, Digest> before = all(full);
    for (Map.Entry<String, List<Object>> command : commands.entrySet()) {
      MaskRun run = MaskRun.of(command.getValue().toArray());

      assertRefused(run, full.resolve(command.getKey()).toString(), "the disk is full");
      // The folder of all runs may be there, without a run.
      assertThat(all(full)).as(command.getKey()).isEqualTo(before);
    }
    assertThat(full.resolve("runs"))
        .satisfiesAnyOf(
            runs -> assertThat(runs).doesNotExist(), runs -> assertThat(runs).isEmptyDirectory());

    Files.delete(filler);
    commands.values().forEach(command -> succeed(command.toArray()));
  }

  @Test
  @Tag("slow")
  void aRunThatFillsTheDiskGoesOnOnceThereIsRoom() throws Exception {
    try (Mount mount = Mount.of(folder.resolve("filling"), "300m")) {
      Path full = mount.path();
      Path filler = mount.fill(8 << 20);

      MaskRun run = MaskRun.of(train(full.resolve("runs")).toArray());

      assertRefused(run, full.resolve("runs").toString(), "the disk is full");
      Path begun = full.resolve("runs").resolve(names(full.resolve("runs")).get(0));
      assertThat(names(begun)).contains("run.json").noneMatch(n -> n.startsWith(".writing-"));
      Files.delete(filler);
      succeed("resume", begun);
      assertThat(ModelFolder.open(begun.resolve("model")).weights()).isNotEmpty();
    }
  }

  @Test
  void aReadOnlyFolderIsNamed() throws Exception {
    try (Mount mount = Mount.of(folder.resolve("closed"), "1m")) {
      Path locked = mount.path();
      mount.readOnly();
      assertRefusedIn(locked, fewCommands(locked, "predictions", "exported"), "ead-only");
    }
  }

  @Test
  @Tag("slow")
  void photosMayLieInAReadOnlyFolder() throws Exception {
    try (Mount mount = Mount.of(folder.resolve("locked"), "100m")) {
      Path locked = mount.path();
      Path data = locked.resolve("photos");
      copy(photos, data);
      mount.readOnly();

      assertRefusedIn(locked, commands(locked), "ead-only");
      assertThat(names(locked)).containsExactly("photos");
      succeed("crop", "--data", data, "--out", folder.resolve("of-locked"));
      succeed("submit", "--data", data, "--model", model, "--out", folder.resolve("of-locked.csv"));
    }
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("some file"), "mine");
    assertRefusedIn(file, fewCommands(file, "predictions", "exported"), "expected a folder");
    assertThat(file).hasContent("mine");
  }

  @Test
  @Tag("slow")
  void aFileIsNoFolderForAnyCommand() throws IOException {
    Path file = Files.writeString(folder.resolve("a file"), "mine");
    assertRefusedIn(file, commands(file), "expected a folder");
    assertThat(file).hasContent("mine");
  }

  private static void assertRefusedIn(Path place, Map<String, List<Object>> commands, String why) {
    commands
        .values()
        .forEach(command -> assertRefused(MaskRun.of(command.toArray()), place.toString(), why));
  }

  @Test
  @Tag("slow")
  void namesOfAllKinds() throws IOException {
    assumeTrue(
        System.getProperty("sun.jnu.encoding").equals("UTF-8"),
        "this locale cannot spell the names; run under a UTF-8 one");
    Path odd = folder.resolve("\ud558\ub098, \"two\" \ud83d\ude37 " + "n".repeat(160));
    Path data = odd.resolve("\uc0ac\uc9c4 set");
    copy(photos, data);
    rename(data);
    Path runs = odd.resolve("runs \u0131");
    Path crops = odd.resolve("crops, all.jsonl");
    Path exported = odd.resolve("\ub0b4\ubcf4\ub0c4");

    succeed("analyse", "--data", data, "--out", odd.resolve("\ubd84\uc11d.html"));
    succeed("crop", "--data", data, "--out", crops);
    succeed("audit-crops", "--data", data, "--crops", crops, "--out", odd.resolve("a b.html"));
    List<Object> train = new ArrayList<>(ImmutableList.of("train", "--data", data, "--runs", runs));
    train.addAll(
        ImmutableList.of(
            "--backbone", "narrow_resnet", "--size", 32, "--valid-share", 0.4, "--epochs", 1));
    train.addAll(
        ImmutableList.of("--crops", crops, "--cache-dir", odd.resolve("cache \ud83d\ude00")));
    succeed(train.toArray());
    Path run = runs.resolve(names(runs).get(0));
    succeed("resume", run);
    succeed("export", "--model", run, "--out", exported);
    succeed("ensemble", "--out", odd.resolve("both"), run);
    Path table = odd.resolve("p, q.csv");
    succeed("predict", "--data", data, "--model", exported, "--out", table);
    Path answers = odd.resolve("s".repeat(200) + ".csv");
    succeed("submit", "--data", data, "--predictions", table, "--out", answers);
    succeed("trace", answers, "--in", odd);
    Path page = odd.resolve("report #1?.html");
    succeed("report", "--data", data, "--model", run, "--valid-share", 0.4, "--out", page);

    String written = Files.readString(answers);
    assertThat(written.lines()).hasSize(1 + ODD_NAMES.size());
    assertThat(written)
        .contains(ODD_NAMES.get(0), ODD_NAMES.get(1), ODD_NAMES.get(2), ODD_NAMES.get(4))
        .contains("\"a, \"\"quoted\"\" 'one'.jpg\"");
  }

  @Test
  @Tag("slow")
  void aLocaleThatCannotSpellTheNamesSaysSo() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/sh")), "locales are set by the environment on Unix");
    Path data = folder.resolve("odd-set");
    copy(photos, data);
    rename(data);

    MaskRun ascii =
        inAscii("submit", "--data", data, "--model", model, "--out", folder.resolve("x"));
    assertRefused(ascii, "info.csv", "LC_ALL=C.UTF-8");
    assertThat(folder.resolve("x")).doesNotExist();

    MaskRun plain =
        inAscii("submit", "--data", photos, "--model", model, "--out", folder.resolve("y"));
    assertThat(plain.code()).as(plain.err()).isZero();
    Path same = folder.resolve("z");
    succeed("submit", "--data", photos, "--model", model, "--out", same);
    assertThat(folder.resolve("y")).hasSameBinaryContentAs(same);
  }

  /** The mask command in a process whose locale has ASCII alone. */
  private static MaskRun inAscii(Object... arguments) throws Exception {
    Path log = folder.resolve("ascii.log");
    ProcessBuilder builder =
        MaskProcess.builder(List.of("-Dfile.encoding=US-ASCII"), arguments)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(k -> k.startsWith("LC_") || k.startsWith("LANG"));
    builder.environment().put("LC_ALL", "C");
    int code = builder.start().waitFor();
    String printed = new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
    return new MaskRun(code, "", printed);
  }

  @Test
  @Tag("slow")
  void oneWorkerAndSixteenLearnTheSame() throws IOException {
    Path one = folder.resolve("one-worker");
    Path many = folder.resolve("many-workers");
    succeed(train(one, "--threads", 1, "--workers", 1).toArray());
    succeed(train(many, "--threads", 1, "--workers", 16).toArray());

    Digest weights =
        ModelFolder.open(one.resolve(names(one).get(0)).resolve("model")).weightsDigest();
    Path of16 = many.resolve(names(many).get(0)).resolve("model");
    assertThat(ModelFolder.open(of16).weightsDigest()).isEqualTo(weights);

    for (int threads : List.of(1, 16)) {
      succeed(
          "predict",
          "--data",
          photos,
          "--model",
          of16,
          "--threads",
          threads,
          "--out",
          folder.resolve("by" + threads));
      succeed(
          "crop", "--data", photos, "--threads", threads, "--out", folder.resolve("c" + threads));
    }
    assertThat(folder.resolve("by16")).hasSameBinaryContentAs(folder.resolve("by1"));
    assertThat(folder.resolve("c16")).hasSameBinaryContentAs(folder.resolve("c1"));
  }

  /** Gives the photos to be answered other names. */
  private static void rename(Path data) throws IOException {
    Path images = data.resolve("eval/images");
    StringBuilder table = new StringBuilder("ImageID,ans\n");
    List<String> before = names(images).stream().filter(n -> n.endsWith(".jpg")).toList();
    for (int i = 0; i < ODD_NAMES.size(); i++) {
      Files.move(images.resolve(before.get(i)), images.resolve(ODD_NAMES.get(i)));
      table.append('"').append(ODD_NAMES.get(i).replace("\"", "\"\"")).append("\",0\n");
    }
    Files.writeString(data.resolve("eval/info.csv"), table.toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }
  }

  /** The files below a folder but for the filler, by their content. */
  private static Map<String, Digest> all(Path folder) throws IOException {
    Map<String, Digest> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("filler")) {
          all.put(folder.relativize(file).toString(), Digest.ofFile(file));
        }
      }
    }
    return all;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertRefused(MaskRun run, String... parts) {
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(parts).doesNotContain("\tat ");
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
