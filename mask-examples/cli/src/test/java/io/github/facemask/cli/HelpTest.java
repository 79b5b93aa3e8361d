package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {

  static Stream<String> commands() {
    return new CommandLine(new MaskCommand()).getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTeaches(String command) {
    MaskRun run = MaskRun.of(command, "--help");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("Usage: mask " + command)
        .contains("--config")
        .containsPattern("Examples?: mask " + command);
  }

  @Test
  void optionsStandUnderHeadings() {
    assertThat(MaskRun.of("train", "--help").out())
        .containsSubsequence(
            "Data options:", "--data",
            "Faces options:", "--crops",
            "Network options:", "--backbone",
            "Augmentation options:", "--mix=",
            "Optimisation options:", "--lr=",
            "Run options:", "--runs",
            "General options:", "--config");
    assertThat(MaskRun.of("--help").out())
        .containsSubsequence("Start here:", "Photos and labels:", "Training:", "Models:", "Pages");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "detect|there is no command 'detect'; did you mean ",
        "detect --help|there is no command 'detect'; did you mean ",
        "tarin|there is no command 'tarin'; did you mean train?",
        "xyzzy|there is no command 'xyzzy'; see 'mask --help'",
        "train --epoch 3 --data x|Unknown options: '--epoch', '3'; did you mean --epochs",
        "train --data x --sampler odd|but was 'odd'; see 'mask train --help'",
        "predict --modle x utk|Unknown option: '--modle'; did you mean --model",
        "train --epoch=3|Unknown option: '--epoch'; did you mean --epochs",
        "train|Missing required option: '--data",
      })
  void aWrongWordIsOneLine(String words, String told) {
    MaskRun run = MaskRun.of((Object[]) words.split(" "));

    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("mask: ").contains(told).hasLineCount(1);
  }

  @Test
  void aRequiredOptionMayComeFromTheFile(@TempDir Path folder) throws IOException {
    Path drawn = folder.resolve("drawn");
    Path config =
        Files.writeString(folder.resolve("synth.yaml"), "out: " + drawn + "\npeople: 36\n");

    MaskRun run = MaskRun.of("synth", "--config", config, "--eval-photos", 7);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("252 photos of 36 people, and 7 evaluation photos");
  }
}
