package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.cli.options.Crops;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.cli.options.Threads;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.EnsemblePredictor.CardBatches;
import io.github.facemask.ensemble.Member;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.image.Box;
import io.github.facemask.lab.synthetic.FaceBox;
import io.github.facemask.lab.synthetic.SyntheticTruth;
import io.github.facemask.probe.OcclusionProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a model loses if a part of each photo is hidden. */
@Command(
    name = "probe",
    header = "Hides clothes, background or face and shows the change of macro F1.",
    description = {
      "Covers clothes, background or face of each validation photo with grey and shows the",
      "change of macro F1 with its interval by person. A model that loses nothing when faces are",
      "hidden does not use the face. Face boxes come from truth.csv of a synthetic set, or from",
      "--crops. For a model of face crops, the crops of the whole photos are used with the part",
      "hidden in them; the hidden share of the crops is also shown."
    },
    footer = {"", "Example: mask probe --data photos --model runs/<run>"})
public final class ProbeCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;
  @Mixin ModelOptions model;

  @Option(
      names = "--crops",
      paramLabel = "FILE",
      description = "A table of 'mask crop' with the face boxes.")
  Path crops;

  @Override
  public Integer call() throws Exception {
    PrintWriter to = spec.commandLine().getOut();
    PhotoSet photos = data.photos(spec.commandLine().getErr());
    model.decoder = data.decoder();
    PhotoSet judges = data.split(photos, spec.commandLine().getErr()).validation();
    EnsemblePredictor predictor = model.predictor();
    predictor.ensemble().refuseSeenPeople(judges.people());
    boolean ofFaces = Photos.seesFaces(predictor.ensemble());
    Optional<CropTable> table = Optional.empty();
    if (crops != null) {
      table = Optional.of(Crops.read(crops, judges));
    } else if (ofFaces) {
      // Crops come from the original photos, so that hidden parts do not change where the face is
      // found.
      table = cropsOf(predictor, judges);
    }
    boolean drawn = Files.isRegularFile(data.path().resolve(SyntheticTruth.FILE));
    Map<String, Box> faces =
        crops == null && (drawn || !ofFaces) ? drawn() : found(table.orElseThrow());
    PhotoSet known = judges.filter(p -> faces.containsKey(p.photo().id()));
    checkArgument(known.size() > 0, "%s: no face is known of any photo", data.words());
    to.printf("%d of %d validation photos have a known face%n", known.size(), judges.size());
    Optional<CropTable> shown = ofFaces ? table : Optional.empty();
    OcclusionProbe.Result result =
        OcclusionProbe.run(
            known,
            faces,
            some ->
                predictor.ensemble().combine(Photos.predictEach(predictor, model, some, shown)));
    print(result, known, faces, shown);
    return 0;
  }

  private Optional<CropTable> cropsOf(EnsemblePredictor predictor, PhotoSet photos)
      throws IOException {
    CardBatches batches =
        CardBatches.of(photos)
            .withLoading(model.batch, Threads.orProcessors(model.threads))
            .withDetector(model.detector());
    for (Member member : predictor.ensemble().members()) {
      Optional<CropTable> crops = batches.crops(member.model());
      if (crops.isPresent()) {
        return crops;
      }
    }
    return Optional.empty();
  }

  private void print(
      OcclusionProbe.Result result,
      PhotoSet photos,
      Map<String, Box> faces,
      Optional<CropTable> shown) {
    PrintWriter to = spec.commandLine().getOut();
    to.printf(Locale.ROOT, "nothing hidden      macro F1 %.4f%n", result.macroF1());
    for (OcclusionProbe.Loss loss : result.losses()) {
      to.printf(
          Locale.ROOT,
          "%-18s  macro F1 %.4f, change %+.4f (95 %% of draws of people: %+.4f to %+.4f)%s%n",
          loss.part().name().toLowerCase(Locale.ROOT) + " hidden",
          loss.macroF1(),
          loss.change().difference(),
          loss.change().interval().low(),
          loss.change().interval().high(),
          shown
              .map(
                  table ->
                      String.format(
                          Locale.ROOT,
                          ", %.0f %% of the crops",
                          100 * loss.part().share(photos, faces, table)))
              .orElse(""));
    }
  }

  private Map<String, Box> drawn() throws IOException {
    checkArgument(
        Files.isRegularFile(data.path().resolve(SyntheticTruth.FILE)),
        "%s: has no %s that says where faces are; run 'mask crop' and name its table with --crops",
        data.words(),
        SyntheticTruth.FILE);
    Map<String, Box> boxes = new HashMap<>();
    for (SyntheticTruth truth : SyntheticTruth.read(data.path())) {
      FaceBox face = truth.face();
      boxes.put(
          truth.photo(),
          new Box(face.x(), face.y(), face.x() + face.width(), face.y() + face.height()));
    }
    return boxes;
  }

  /** Returns the faces of the crops. Photos without a face are left out. */
  private static Map<String, Box> found(CropTable table) {
    Map<String, Box> boxes = new HashMap<>();
    for (CropDecision decision : table.decisions()) {
      if (decision.chosen() >= 0) {
        boxes.put(decision.photoId(), decision.faces().get(decision.chosen()).box());
      }
    }
    return boxes;
  }
}
