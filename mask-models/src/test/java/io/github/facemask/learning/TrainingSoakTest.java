package io.github.facemask.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.augmentation.Augmentation.Preset;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.label.Attribute;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.sampling.WeightedSampler;
import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.TrainingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Ten thousand steps of a whole training on photos that know one, two or three attributes, with
 * augmentation, CutMix and an average of the weights. The losses are the same with one and with
 * eight threads, and memory stays as it is after the first tenth.
 */
class TrainingSoakTest {

  private static final int EPOCHS = 20;
  private static final int BATCH = 16;
  private static final int STEPS_PER_EPOCH = Integer.getInteger("facemask.soakSteps", 500);

  /** Room for what the allocators keep, in KiB. */
  private static final long ROOM_KIB = 64 * 1024;

  @Test
  @Tag("slow")
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads resident memory from /proc")
  void lossesAndMemoryStayTheSame() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-Dfacemask.soakSteps=" + STEPS_PER_EPOCH,
                "-cp",
                System.getProperty("java.class.path"),
                TrainingSoakTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    String last = out.lines().filter(l -> l.contains("steps, ")).reduce("", (a, b) -> b);
    System.out.println(last);
    String[] numbers = last.replaceAll("[^0-9 -]", "").strip().split(" +", -1);

    assertThat(Integer.parseInt(numbers[0])).as("steps").isEqualTo(EPOCHS * STEPS_PER_EPOCH);
    assertThat(Integer.parseInt(numbers[1])).as("epochs that differ").isZero();
    assertThat(Long.parseLong(numbers[2])).as("growth in KiB").isLessThan(ROOM_KIB);
  }

  /** Prints the steps, the epochs that differ between 1 and 8 threads, and the growth in KiB. */
  public static void main(String[] args) throws IOException {
    long start = System.nanoTime();
    Path folder = Files.createTempDirectory("facemask-soak");
    PhotoSet photos = partly(PhotoFiles.write(folder.resolve("photos"), 60));
    Split fold = PersonFolds.builder(photos, 3).optSeed(1).build().fold(0);
    List<Long> resident = new ArrayList<>();
    List<EpochMetrics> many = train(fold, folder.resolve("many"), 8, EPOCHS, resident);
    List<EpochMetrics> one = train(fold, folder.resolve("one"), 1, EPOCHS / 10, new ArrayList<>());
    int others = 0;
    for (int i = 0; i < one.size(); i++) {
      others += one.get(i).trainingLoss() == many.get(i).trainingLoss() ? 0 : 1;
    }
    System.out.printf(
        Locale.ROOT,
        "%d steps, %d epochs differ, %d KiB more, %d seconds%n",
        EPOCHS * STEPS_PER_EPOCH,
        others,
        resident.get(EPOCHS - 1) - resident.get(EPOCHS / 10 - 1),
        Duration.ofNanos(System.nanoTime() - start).toSeconds());
  }

  /** Every third photo knows all, the others one or two attributes. */
  private static PhotoSet partly(PhotoSet photos) {
    List<FacePhoto> all = new ArrayList<>();
    List<Set<Attribute>> known =
        List.of(
            EnumSet.allOf(Attribute.class),
            EnumSet.of(Attribute.MASK),
            EnumSet.of(Attribute.GENDER, Attribute.AGE));
    for (FacePhoto photo : photos) {
      all.add(photo.withLabel(photo.label().only(known.get(all.size() % 3))));
    }
    return PhotoSet.of(all);
  }

  private static List<EpochMetrics> train(
      Split fold, Path runs, int threads, int epochs, List<Long> resident) throws IOException {
    TrainingListener watching =
        new TrainingListener() {
          @Override
          public void onEpoch(EpochMetrics metrics, boolean best) {
            resident.add(residentKib());
          }

          @Override
          public boolean endsRun() {
            return resident.size() == epochs;
          }
        };
    return TrainingRecipe.builder(Backbones.get("resnet18").withInputSize(32, 32), fold)
        .optAugmentation(Preset.MEDIUM.augmentation())
        .optSampler(WeightedSampler.squareRoot().withPhotosPerEpoch(BATCH * STEPS_PER_EPOCH))
        .optBatchSize(BATCH)
        .optEpochs(EPOCHS)
        .optEma(0.99)
        // The number that follows the load of the machine would change the last digits.
        .optThreads(1)
        .build()
        .training(new TrainingRecipe.Running(threads, 1L << 26, Optional.empty(), watching))
        .run(runs)
        .epochs();
  }

  private static long residentKib() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    throw new IllegalStateException("/proc/self/status lacks VmRSS");
  }
}
