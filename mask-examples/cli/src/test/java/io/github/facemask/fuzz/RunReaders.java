package io.github.facemask.fuzz;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.cli.CommandFiles;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.dataset.Split;
import io.github.facemask.internal.parity.GoldenCase;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.prediction.Prior;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import io.github.facemask.provenance.RunId;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.recipe.TrainingRecipe.Running;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.search.Search;
import io.github.facemask.trace.Tracer;
import io.github.facemask.training.TrainingListener;
import io.github.facemask.training.TrainingListener.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/** Readers of runs and of what a training is told. */
final class RunReaders extends ReaderGroup {

  private static final Path GOLDEN = Path.of("../../mask-models/src/test/resources/golden");

  RunReaders(Path folder) {
    super(folder);
  }

  @Override
  void add() throws IOException {
    runs();
    recipe();
    settings();
  }

  private void runs() throws IOException {
    Path runs = folder.resolve("runs");
    RunFolder run =
        RunFolder.create(
            runs, new RunId("one"), Map.of("runId", "one", "seed", 7, "data", Map.of()));
    run.appendMetrics(Map.of("epoch", 1, "macroF1", 0.5));
    run.appendMetrics(Map.of("epoch", 2, "macroF1", 0.6));
    Map<String, Object> same = Map.of("seed", 8);
    RunFolder other = RunFolder.create(folder.resolve("others"), new RunId("two"), same);
    readers.add(
        Reader.text(
            "run record",
            run.path().resolve("run.json"),
            file -> Difference.between(run.record(), other.record())));
    readers.add(
        Reader.text(
            "run metrics", run.path().resolve("metrics.jsonl"), file -> RunJson.metrics(run)));
    RunFolder traced = RunFolder.create(folder.resolve("traced"), new RunId("three"), same);
    readers.add(
        Reader.text(
            "traced run",
            traced.path().resolve("run.json"),
            file -> Tracer.in(List.of(), false).trace(traced.path())));
  }

  /** The record of a run that was stopped before its first step. */
  private void recipe() throws IOException {
    Path photos = folder.resolve("recipe/photos");
    writePhotos(photos);
    Split split =
        PersonSplit.builder(PstageFolder.read(photos)).optValidationShare(0.3).build().split();
    TrainingRecipe recipe =
        TrainingRecipe.builder(Backbones.get("resnet18").withInputSize(32, 32), split)
            .optAugmentation(
                Augmentation.read(
                    List.of(
                        "random-resized-crop",
                        "flip",
                        Map.of("one-of", List.of("gaussian-blur", "gaussian-noise")),
                        "cutmix")))
            .optReduceOnPlateau(ReduceOnPlateau.of(0.5, 2))
            .build();
    Path runs = folder.resolve("recipe/runs");
    TrainingListener stop =
        new TrainingListener() {
          @Override
          public void onStart(RunPlan run) {
            throw new CancellationException("recorded");
          }
        };
    try {
      recipe.training(new Running(1, 1 << 20, Optional.empty(), stop)).run(runs);
    } catch (CancellationException e) {
      // It has its record.
    }
    Path run;
    try (Stream<Path> all = Files.list(runs)) {
      run = all.findFirst().orElseThrow();
    }
    readers.add(
        Reader.text("recipe", run.resolve("run.json"), file -> TrainingRecipe.of(run).toJson())
            .withShare(0.1));
  }

  private void settings() throws IOException {
    readers.add(
        Reader.text(
                "options",
                write("train.yaml", "epochs: 20\nlr: 1e-3\nbackbone: resnet18\nsampler: INVERSE\n"),
                CommandFiles::options)
            .withShare(0.15)
            .withCeiling(128));
    readers.add(
        Reader.text(
                "plan of an ablation",
                write(
                    "plan.yaml",
                    "seeds: [1, 2]\nbase:\n  epochs: 2\nswitches:\n  plain: {}\n  slow:\n    lr: 1e-3\n"),
                CommandFiles::plan)
            .withShare(0.5)
            .withCeiling(128));
    readers.add(
        Reader.text(
                "list of transforms",
                write(
                    "augment.yaml",
                    """
                    epochs: 2
                    augment:
                      - random-resized-crop: {area: 0.6..1}
                      - flip
                      - one-of:
                          - gaussian-blur: {sigma: [0.1, 2]}
                          - gaussian-noise
                      - aug-mix: {severity: 3, all-ops: false}
                      - cutmix: {alpha: 1, donors: old}
                    """),
                file -> AugmentOption.read(file.toString()))
            .withShare(0.5)
            .withCeiling(128));
    readers.add(
        Reader.text(
                "plan of a search",
                write(
                    "search.yaml",
                    """
                    space:
                      lr: 1e-4..1e-2 log
                      mix: [NONE, CUTMIX]
                    method: random
                    trials: 4
                    halving: {epochs: [1, 2], keep: 1/2}
                    base: {data: photos, size: 32}
                    """),
                CommandFiles::searchPlan)
            .withShare(0.5)
            .withCeiling(128));
    search(folder.resolve("search"));
    readers.add(
        Reader.text(
            "trials of a search",
            folder.resolve("search/trials.jsonl"),
            file -> search(file.getParent())));
    readers.add(
        Reader.text(
            "shares of labels",
            write("shares.csv", "mask,share\nworn,0.2\nworn wrongly,0.1\nnot worn,0.7\n"),
            Prior::read));
    readers.add(
        Reader.text(
            "golden case",
            copy(GOLDEN.resolve("resnet18-64-seed1.json"), "golden.json"),
            GoldenCase::read));
  }

  /** Trains nothing. */
  private static void search(Path into) throws IOException {
    Search.Plan plan =
        new Search.Plan(
            ImmutableMap.of("lr", new Search.Values(ImmutableList.of("1", "2"))),
            ImmutableMap.of(),
            Search.Method.GRID,
            OptionalInt.empty(),
            1,
            Optional.empty());
    try {
      Search.builder(plan, (trial, rung, epochs) -> new Search.Outcome(0.5, "run"))
          .build()
          .run(into);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
