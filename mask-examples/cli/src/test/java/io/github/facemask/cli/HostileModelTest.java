package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.facemask.image.TestFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of models that were made to do harm. Each is refused by one line. */
class HostileModelTest {

  @TempDir static Path folder;

  private static Path model;
  private static Path ensemble;
  private static Path photo;
  private static Path photos;

  @TempDir Path own;

  private Path copy;

  @BeforeAll
  static void write() throws IOException {
    model = folder.resolve("model");
    Tiny.model(model);
    ensemble = folder.resolve("ensemble");
    MaskRun run = MaskRun.of("ensemble", "--flip", "--out", ensemble, model);
    assertThat(run.code()).as(run.err()).isZero();
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
    photo = TestFiles.path("images/q90.jpg");
  }

  @BeforeEach
  void copy() throws IOException {
    copy = own.resolve("copy");
    for (Path from : new Path[] {model, ensemble}) {
      Path to = from.equals(model) ? copy.resolve("model") : copy.resolve("ensemble");
      try (Stream<Path> all = Files.walk(from)) {
        for (Path path : all.toList()) {
          Path target = to.resolve(from.relativize(path).toString());
          Files.createDirectories(target.getParent());
          Files.copy(path, target);
        }
      }
    }
  }

  private static void change(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).containsPattern(from);
    Files.writeString(file, text.replaceFirst(from, to));
  }

  private static String refused(Path hostile) {
    MaskRun run = MaskRun.of("predict", "--model", hostile, photo);
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().filter(line -> line.startsWith("mask: ")))
        .as(run.err())
        .hasSizeBetween(1, 2);
    assertThat(run.err()).doesNotContain("\tat ", "Exception").hasSizeLessThan(6000);
    return run.err();
  }

  @Test
  void aMemberMayNotClimbOutOfItsEnsemble() throws IOException {
    Path manifest = copy.resolve("ensemble/ensemble.json");
    String valid = Files.readString(manifest);
    for (String outside :
        new String[] {
          "../model", "members/../../model", model.toString(), "/", "", ".", "/proc/self/root"
        }) {
      Files.writeString(manifest, valid.replace("members/0", outside));
      assertThat(refused(copy.resolve("ensemble"))).contains("ensemble.json");
    }
    Files.writeString(manifest, valid.replace("members/0", "a\\u0000b"));
    assertThat(refused(copy.resolve("ensemble"))).contains("ensemble.json");
  }

  @Test
  void aMemberMayNotBeALinkThatLeaves() throws IOException {
    Path member = copy.resolve("ensemble/members/0");
    try (Stream<Path> files = Files.list(member)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(member);
    Files.createSymbolicLink(member, model);

    assertThat(refused(copy.resolve("ensemble"))).contains("outside its folder");
  }

  @Test
  void aDigestThatLiesIsFound() throws IOException {
    Path card = copy.resolve("model/model.json");
    change(card, "\"weightsSha256\" : \"[0-9a-f]{8}", "\"weightsSha256\" : \"01234567");
    assertThat(refused(copy.resolve("model"))).contains("weights.safetensors", "01234567");

    change(copy.resolve("ensemble/members/0/model.json"), "\"epoch\" : 1", "\"epoch\" : 2");
    assertThat(refused(copy.resolve("ensemble"))).contains("names another card");
  }

  @Test
  void absurdSizesAreRefused() throws IOException {
    Path card = copy.resolve("model/model.json");
    String valid = Files.readString(card);
    for (String size :
        new String[] {"-1", "0", "1000000000", "2147483648", "1e300", "9".repeat(999)}) {
      Files.writeString(card, valid.replaceFirst("\"height\" : 32", "\"height\" : " + size));
      assertThat(refused(copy.resolve("model"))).contains("model.json");
    }
    for (String value : new String[] {"\"architecture\" : \"", "\"heads\" : \""}) {
      Files.writeString(card, valid.replace(value, value + "x".repeat(1 << 20)));
      assertThat(refused(copy.resolve("model"))).contains("xxx");
    }
    Files.writeString(
        card, valid.replaceFirst("\"labels\" : \\[", "\"labels\" : [" + "1,".repeat(100_000)));
    assertThat(refused(copy.resolve("model"))).contains("100018 labels");
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    for (String file : new String[] {"model/model.json", "ensemble/ensemble.json"}) {
      Path card = copy.resolve(file);
      Files.writeString(card, "{\"a\":".repeat(200_000));
      assertThat(refused(card.getParent())).contains(card.getFileName().toString());
      Files.writeString(card, "[".repeat(2_000_000));
      assertThat(refused(card.getParent())).contains(card.getFileName().toString());
    }
  }

  @Test
  void weightsThatClaimMoreThanTheyHaveAreRefused() throws IOException {
    Path weights = own.resolve("w.safetensors");
    Path runs = own.resolve("runs");
    for (String header :
        new String[] {
          "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[1000000000,512],\"data_offsets\":[0,4]}}",
          "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[2147483648,2147483648],\"data_offsets\":[0,4]}}",
          "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[4,0]}}",
        }) {
      byte[] json = header.getBytes(StandardCharsets.UTF_8);
      ByteBuffer file =
          ByteBuffer.allocate(12 + json.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length);
      Files.write(weights, file.put(json).array());
      MaskRun run =
          MaskRun.of("train", "--data", photos, "--size", 32, "--weights", weights, "--runs", runs);
      assertThat(run.code()).as(run.err()).isEqualTo(2);
      assertThat(run.err()).contains("--weights: ", "w.safetensors").doesNotContain("\tat ");
      assertThat(runs).doesNotExist();
    }
  }

  @Test
  void filesWithoutAnEndAreRefused() throws IOException {
    Path endless = Path.of("/dev/zero");
    assumeTrue(Files.exists(endless), "this system has no /dev/zero");
    for (Map.Entry<String, String> each :
        Map.of(
                "model/weights.safetensors", "model",
                "model/model.json", "model",
                "ensemble/members/0/weights.safetensors", "ensemble")
            .entrySet()) {
      Path file = copy.resolve(each.getKey());
      Files.delete(file);
      Files.createSymbolicLink(file, endless);
      refused(copy.resolve(each.getValue()));
    }
    MaskRun run = MaskRun.of("predict", "--model", model, endless);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("/dev/zero: ");
  }
}
