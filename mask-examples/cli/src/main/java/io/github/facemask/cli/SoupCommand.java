package io.github.facemask.cli;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.Member;
import io.github.facemask.ensemble.ModelSoup;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import io.github.facemask.provenance.RunId;
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

/** Averages weights. */
@Command(
    name = "soup",
    description = {
      "Averages the weights of models into one model that runs as fast as one of them. One run gives",
      "the epochs that it kept (--keep-best); several runs or models give their best epochs, and",
      "must have started from the same weights. With --data, statistics of batch norms are computed",
      "anew on the training side of the split, which is sampled, cropped and changed as in the run."
    },
    footer = {"", "Example: mask soup --out average --data photos --greedy runs/<run>"})
final class SoupCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder.")
  Path out;

  @Option(
      names = "--greedy",
      description = {
        "Take models from the best on, each only if the average is no worse with it on the",
        "validation side of the split (default: take all)."
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
      description = "Average runs that did not start from the same weights, which is refused else.")
  boolean unlikeStarts;

  @ArgGroup(exclusive = false, heading = "Labelled photos for statistics and judgement:%n")
  DataOptions data;

  @Mixin FaceOptions faces;

  @Parameters(paramLabel = "MODEL", arity = "1..*", description = "A run, or several models.")
  List<Path> models;

  @Override
  public Integer call() throws Exception {
    checkArgument(data != null || !greedy, "--greedy judges on labelled photos, expected --data");
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
        all.add(
            member
                .model()
                .trained()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            path
                                + (ExportedModel.isOne(path) ? ": is" : ": has a member that is")
                                + " an exported program, whose weights are folded and cannot be"
                                + " averaged; name the run or the model that it came from")));
      }
    }
    return ImmutableList.copyOf(all);
  }

  /** A pass as the first part's run saw the photos; without its record, framed and flipped. */
  private BatchSource training(PhotoSet photos, ModelFolder part) throws IOException {
    Preprocessing input = part.preprocessing();
    Optional<RecordedRun> run = RecordedRun.of(part);
    if (run.isPresent()) {
      spec.commandLine().getErr().println("statistics as in run " + run.get().id());
      return run.get().options().asInTraining(photos, input);
    }
    spec.commandLine()
        .getErr()
        .printf(
            "mask: warning: no record tells how %s saw its photos; they are framed at random and"
                + " flipped%n",
            part.path());
    PhotoLoader.Builder dataset =
        PhotoLoader.builder(photos, input)
            .optTransforms(RandomResizedCrop.of(0.5, 1), HorizontalFlip.half())
            .optBatchSize(batch)
            .optThreads(Threads.orProcessors(0));
    crops(photos, input).ifPresent(dataset::optCrops);
    return dataset.build();
  }

  private double judge(ModelFolder model, PhotoSet photos) throws IOException {
    Ensemble one = Ensemble.ofEqual(List.of(model));
    one.refuseSeenPeople(photos.people());
    EnsemblePredictor predictor =
        new EnsemblePredictor(one, Devices.named("auto"), Precision.FLOAT32);
    ModelOptions options = new ModelOptions();
    options.batch = batch;
    options.faces = faces;
    Evaluation evaluation =
        Evaluation.builder(Photos.predictEach(predictor, options, photos).get(0), photos)
            .optResamples(1)
            .build();
    RunId run = model.origin().runId();
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "  %s: macro F1 %.4f%n",
            model.parts().isEmpty()
                ? run + " epoch " + model.origin().epoch()
                : "average of " + model.parts().size(),
            evaluation.scores().macroF1());
    return evaluation.scores().macroF1();
  }

  private Optional<CropTable> crops(PhotoSet photos, Preprocessing input) throws IOException {
    return input.subject() == Subject.FACE
        ? Optional.of(
            Crops.of(
                    photos,
                    faces.crop(),
                    Optional.empty(),
                    Optional.empty(),
                    Threads.orProcessors(0))
                .asAudited())
        : Optional.empty();
  }
}
