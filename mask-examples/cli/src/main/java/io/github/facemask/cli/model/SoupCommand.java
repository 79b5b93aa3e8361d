package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.Devices;
import io.github.facemask.cli.options.FaceOptions;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.cli.options.Threads;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.Member;
import io.github.facemask.ensemble.ModelSoup;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.internal.cards.RunRecord;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.RunId;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.tensor.Precision;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Averages the weights of models. */
@Command(
    name = "soup",
    header = "Averages the weights of models into one model.",
    description = {
      "Averages the weights of models into one model with the speed of a single one. One run:",
      "the epochs that it kept (--keep-best). Several runs or models: their best epochs; they",
      "must have started from the same weights. With --data, batch norm statistics are",
      "recomputed on the training side of the split, sampled, cropped and augmented as in the run."
    },
    footer = {"", "Example: mask soup --out average --data photos --greedy runs/<run>"})
public final class SoupCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder.")
  Path out;

  @Option(
      names = "--greedy",
      description = {
        "Add models from the best on, each only if the average does not get worse on the",
        "validation side of the split (default: average all)."
      })
  boolean greedy;

  @Option(
      names = "--batch",
      defaultValue = "32",
      paramLabel = "N",
      description = "Photos in a batch (default: ${DEFAULT-VALUE}).")
  int batch;

  @Option(
      names = "--unlike-starts",
      description =
          "Also average runs that did not start from the same weights (default: refused).")
  boolean unlikeStarts;

  @ArgGroup(exclusive = false, heading = "Labelled photos for statistics and scores:%n")
  DataOptions data;

  @Mixin FaceOptions faces;

  @Parameters(paramLabel = "MODEL", arity = "1..*", description = "A run, or several models.")
  List<Path> models;

  @Override
  public Integer call() throws Exception {
    checkArgument(data != null || !greedy, "--greedy scores labelled photos, expected --data");
    ImmutableList<ModelFolder> parts = parts();
    ModelSoup soup = ModelSoup.of(parts);
    if (unlikeStarts) {
      soup = soup.withUnlikeStarts();
    }
    if (data != null) {
      PhotoSet photos = data.photos(spec.commandLine().getErr());
      Split split = data.split(photos, spec.commandLine().getErr());
      soup = soup.withStatistics(training(split.train(), parts.get(0)));
      if (greedy) {
        soup = soup.withGreedy(model -> judge(model, split.validation()));
      }
    }
    ModelFolder model = soup.write(out);
    if (data == null) {
      spec.commandLine()
          .getErr()
          .println("mask: warning: without --data, statistics of batch norms are averaged too");
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %s, the average of %d models%n",
            out,
            model.architecture(),
            model.parts().size());
    return 0;
  }

  private ImmutableList<ModelFolder> parts() throws IOException {
    if (models.size() == 1 && Files.isRegularFile(models.get(0).resolve("run.json"))) {
      return ModelSoup.checkpoints(models.get(0));
    }
    List<ModelFolder> all = new ArrayList<>();
    for (Path path : models) {
      for (Member member : Ensemble.open(path).members()) {
        checkArgument(
            member.model() instanceof ModelFolder,
            "%s: %s an exported program, whose weights are folded and cannot be averaged; name the"
                + " run or the model that it came from",
            path,
            ExportedModel.isOne(path) ? "is" : "has a member that is");
        all.add((ModelFolder) member.model());
      }
    }
    return ImmutableList.copyOf(all);
  }

  /**
   * Returns training batches with the transforms of the first model's run. Without its record,
   * photos are cropped and flipped.
   */
  private BatchSource training(PhotoSet photos, ModelFolder part) throws IOException {
    Path folder = part.path().toAbsolutePath().normalize();
    Optional<Path> run = RunRecord.find(folder).map(Path::getParent);
    if (run.isPresent() && Files.isRegularFile(run.get().resolve("run.json"))) {
      spec.commandLine().getErr().println("statistics as in run " + run.get().getFileName());
      return TrainingRecipe.of(run.get()).trainingBatches(photos, TrainingRecipe.Running.usual());
    }
    spec.commandLine()
        .getErr()
        .printf(
            "mask: warning: no record tells how %s saw its photos; they are cropped at random and"
                + " flipped%n",
            part.path());
    PhotoLoader.Builder loader =
        PhotoLoader.builder(photos, part.preprocessing())
            .optTransforms(RandomResizedCrop.of(0.5, 1), HorizontalFlip.half())
            .optBatchSize(batch)
            .optThreads(Threads.orProcessors(0))
            .optUnauditedCrops();
    part.faceCrop(faces.named()).ifPresent(loader::optFaceCrop);
    return loader.build();
  }

  private double judge(ModelFolder model, PhotoSet photos) throws IOException {
    Ensemble one = Ensemble.ofEqual(List.of(model));
    one.refuseSeenPeople(photos.people());
    EnsemblePredictor predictor =
        new EnsemblePredictor(one, Devices.named("auto"), Precision.FLOAT32);
    ModelOptions options = new ModelOptions();
    options.batch = batch;
    options.detector = faces.network;
    options.command = spec;
    Evaluation evaluation =
        Evaluation.builder(Photos.predictEach(predictor, options, photos).get(0), photos)
            .optResamples(1)
            .build();
    RunId run = model.origin().runId();
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "  %s: %s, computed in FLOAT32%n",
            model.parts().isEmpty()
                ? run + " epoch " + model.origin().epoch()
                : "average of " + model.parts().size(),
            evaluation.score());
    return evaluation.macroF1();
  }
}
