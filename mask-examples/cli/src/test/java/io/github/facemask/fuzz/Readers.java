package io.github.facemask.fuzz;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.cli.CommandFiles;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.curation.PseudoLabels;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropReview;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.CropTable.AuditMark;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cache.MappedPixelCache;
import io.github.facemask.internal.parity.GoldenCase;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.internal.torchscript.ScriptArchive;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.internal.weights.WeightFile;
import io.github.facemask.lab.synthetic.SyntheticFaces;
import io.github.facemask.lab.synthetic.SyntheticTruth;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.Prior;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import io.github.facemask.provenance.RunId;
import io.github.facemask.search.Search;
import io.github.facemask.submission.Submission.Origin;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import io.github.facemask.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Every reader with a valid file of its own. */
final class Readers {

  private static final Path IMAGES = Path.of("../../mask-augment/src/test/resources/images");
  private static final Path WEIGHTS = Path.of("../../mask-models/src/test/resources/interop");
  private static final Path CHECKPOINTS =
      Path.of("../../mask-models/src/test/resources/checkpoints");
  private static final Path GOLDEN = Path.of("../../mask-models/src/test/resources/golden");

  private final Path folder;
  private final List<Reader> readers = new ArrayList<>();

  private Readers(Path folder) {
    this.folder = folder;
  }

  /** Writes a valid file for each reader. */
  static List<Reader> in(Path folder) throws IOException {
    Readers readers = new Readers(folder);
    readers.photos();
    readers.weights();
    readers.otherWeights();
    readers.dataSets();
    readers.tablesOfPhotos();
    readers.crops();
    readers.cache();
    readers.models();
    readers.runs();
    readers.settings();
    return List.copyOf(readers.readers);
  }

  private Path copy(Path from, String to) throws IOException {
    Path target = folder.resolve(to);
    Files.createDirectories(target.getParent());
    return Files.copy(from, target);
  }

  private Path write(String to, String text) throws IOException {
    Path target = folder.resolve(to);
    Files.createDirectories(target.getParent());
    return Files.writeString(target, text);
  }

  private void photos() throws IOException {
    PhotoDecoder decoder = PhotoDecoder.create();
    for (String name :
        List.of(
            "q90.jpg",
            "exif_orientation6.jpg",
            "cmyk.jpg",
            "plain.png",
            "palette.png",
            "gray16.png",
            "photo.webp",
            "photo.bmp")) {
      // Fifty million pixels of three bytes are the limit that SECURITY.md names.
      readers.add(
          Reader.bytes(
                  "photo " + name, copy(IMAGES.resolve(name), "photos/" + name), decoder::decode)
              .withCeiling(151));
    }
  }

  private void weights() throws IOException {
    for (String name :
        List.of(
            "state_dict.safetensors",
            "unsigned.safetensors",
            "state_dict.pth",
            "unsigned.pth",
            "state_dict_legacy.pth",
            "unsigned_legacy.pth",
            "training_checkpoint.pth",
            "lightning.ckpt",
            "timm_train.pth.tar")) {
      readers.add(
          Reader.bytes(
              "weights " + name,
              copy(WEIGHTS.resolve(name), "weights/" + name),
              Readers::allWeights));
    }
  }

  private void otherWeights() throws IOException {
    for (String name : List.of("jax_vit_target.npz", "dino.pth", "protocol4.pth")) {
      readers.add(
          Reader.bytes(
              "weights " + name,
              copy(CHECKPOINTS.resolve(name), "checkpoints/" + name),
              Readers::allWeights));
    }
    String index = "model.safetensors.index.json";
    for (int shard = 1; shard <= 2; shard++) {
      String name = "model-0000" + shard + "-of-00002.safetensors";
      copy(CHECKPOINTS.resolve("sharded").resolve(name), "sharded/" + name);
    }
    readers.add(
        Reader.text(
            "index of shards",
            copy(CHECKPOINTS.resolve("sharded").resolve(index), "sharded/" + index),
            Readers::allWeights));
  }

  private static void allWeights(Path file) throws IOException {
    for (HostTensor tensor : WeightFile.read(file).tensors().values()) {
      tensor.toDoubles();
    }
  }

  private void dataSets() throws IOException {
    Path data = folder.resolve("data");
    SyntheticFaces.builder(data).optPeople(36).optEvaluationPhotos(7).optSeed(3).build().write();
    readers.add(
        Reader.text(
                "table train.csv",
                data.resolve("train/train.csv"),
                file -> PstageFolder.read(data).digest())
            .withShare(0.5));
    readers.add(
        Reader.text(
            "table info.csv", data.resolve("eval/info.csv"), f -> EvaluationFolder.read(data)));
    readers.add(
        Reader.text("table truth.csv", data.resolve("truth.csv"), f -> SyntheticTruth.read(data)));
    Path fixes = folder.resolve("fixes.csv");
    LabelFixes.pstage().write(fixes);
    readers.add(Reader.text("label fixes", fixes, file -> LabelFixes.read(file).digest()));
  }

  private void tablesOfPhotos() throws IOException {
    List<FacePhoto> photos = new ArrayList<>();
    StringBuilder manifest = new StringBuilder("path,person,mask,gender,age\n");
    for (int i = 0; i < 6; i++) {
      Path photo = copy(IMAGES.resolve("q90.jpg"), "set/photo" + i + ".jpg");
      manifest.append("photo" + i + ".jpg,p" + i + ",worn,male,4" + i + "\n");
      photos.add(
          new FacePhoto(
              new Photo("photo" + i + ".jpg", photo), "p" + i, 40 + i, FaceClass.ofId(1)));
    }
    PhotoSet set = PhotoSet.of(photos);
    readers.add(
        Reader.text(
            "table of photos",
            write("set/photos.csv", manifest.toString()),
            file -> ManifestFile.read(file).digest()));
    PredictionTable table = predictions(set);
    Path predicted = folder.resolve("predictions.csv");
    table.write(predicted);
    readers.add(Reader.text("predictions", predicted, Readers::allAnswers));
    Path guesses = folder.resolve("set/guesses.csv");
    PseudoLabels.builder(set.photos(), table).optThreshold(0.5).build().write(guesses);
    readers.add(Reader.text("pseudo labels", guesses, file -> PseudoLabels.read(file).digest()));
    Path judged = folder.resolve("evaluation.json");
    Evaluation.of(table, set).write(judged);
    readers.add(Reader.text("evaluation", judged, Readers::allScores));
    Path digests = folder.resolve("photos.csv");
    PhotoListing.of(set, set.filter(photo -> false)).write(digests);
    readers.add(Reader.text("photo listing", digests, file -> PhotoListing.read(file).digest()));
    Path origin = folder.resolve("submission.csv.origin.json");
    new Origin(
            Digest.ofText("a"),
            6,
            Digest.ofText("b"),
            "runs/x",
            Optional.of(Digest.ofText("c")),
            table.origin(),
            ImmutableList.of("submit"),
            "abc")
        .write(origin);
    readers.add(Reader.text("submission's origin", origin, file -> Origin.read(file).source()));
  }

  private static PredictionTable predictions(PhotoSet set) {
    PredictionOrigin origin =
        new PredictionOrigin(
            List.of(Digest.ofText("m")), List.of("run"), Optional.of(set.digest()));
    PredictionTable.Builder table = PredictionTable.builder(origin);
    for (FacePhoto photo : set) {
      float[] row = new float[FaceClass.COUNT];
      row[1] = 0.75f;
      row[7] = 0.25f;
      table.add(photo.photo().id(), row);
    }
    return table.build();
  }

  private static void allAnswers(Path file) throws IOException {
    PredictionTable table = PredictionTable.read(file);
    for (int row = 0; row < table.size(); row++) {
      table.argmax(row);
    }
  }

  private static void allScores(Path file) throws IOException {
    Evaluation evaluation = Evaluation.read(file);
    evaluation.scores();
    for (Attribute attribute : Attribute.values()) {
      evaluation.scores(attribute);
    }
    evaluation.toJson();
  }

  private void crops() throws IOException {
    List<CropDecision> decisions = new ArrayList<>();
    List<CropReview.Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Box box = new Box(1, 2, 30, 40);
      decisions.add(
          new CropDecision(
              "photo" + i,
              Digest.ofText("p" + i).hex(),
              64,
              48,
              box,
              CropDecision.Rule.CENTER,
              "no face: centre",
              -1,
              List.of(),
              FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of()))));
      verdicts.add(new CropReview.Verdict("photo" + i, CropReview.Action.BOX, box));
    }
    Path table = folder.resolve("crops/crops.jsonl");
    CropTable crops = CropTable.of(decisions);
    crops.write(table);
    readers.add(Reader.text("crops", table, file -> CropTable.read(file).digest()));
    Path review = folder.resolve("crops/review.jsonl");
    CropReview.of(verdicts).write(review);
    readers.add(Reader.text("crop review", review, file -> CropReview.read(file).verdicts()));
    Path other = folder.resolve("marked/crops.jsonl");
    crops.write(other);
    new AuditMark(crops.digest().hex(), 4, 1, 4).write(other);
    readers.add(
        Reader.text(
            "audit mark", AuditMark.fileOf(other), file -> CropTable.read(other).audited()));
  }

  private void cache() throws IOException {
    Path file = folder.resolve("pixels.cache");
    Digest key = Digest.ofText("photos");
    int photos = 5;
    MappedPixelCache.build(
        file, key, photos, i -> Pixels.wrap(4, 3 + i, new byte[4 * (3 + i) * 3]), 1, done -> {});
    readers.add(
        Reader.bytes(
            "photo cache",
            file,
            f -> {
              Optional<MappedPixelCache> cache = MappedPixelCache.open(f, key, photos);
              for (int i = 0; cache.isPresent() && i < photos; i++) {
                cache.get().find(i);
              }
              if (cache.isEmpty()) {
                throw new IOException(f + ": is refused and built again");
              }
            }));
  }

  private void models() throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    ModelOrigin origin =
        new ModelOrigin(
            new RunId("run"), Digest.ofText("t"), Digest.ofText("v"), ImmutableList.of("a"), 3);
    Map<String, HostTensor> weights = Initialization.random(network, 1);
    ModelFolder model = ModelFolder.write(folder.resolve("model"), network, weights, origin);
    readers.add(
        Reader.text(
            "model card",
            folder.resolve("model/model.json"),
            file -> {
              Backbones.network(ModelFolder.open(file.getParent()));
            }));
    ExportedModel deployed =
        Exporter.builder(model)
            .optPrecision(Precision.FLOAT32)
            .build()
            .export(folder.resolve("deployed"))
            .model();
    readers.add(
        Reader.text(
            "program card",
            deployed.path().resolve("deploy.json"),
            file -> ExportedModel.readCard(file.getParent())));
    Path archive = folder.resolve("small.pt");
    HostTensor scale = HostTensor.ofFloats(new Shape(2), new float[] {2, 3});
    ScriptArchive.write(
        ScriptModule.builder()
            .buffer("scale", scale)
            .method("def forward(self, x: Tensor) -> Tensor:\n  return torch.mul(x, self.scale)\n")
            .build(),
        archive);
    readers.add(Reader.bytes("TorchScript archive", archive, Readers::allWeights).refused());
    Path ensemble = folder.resolve("ensemble");
    Ensemble.ofEqual(List.of(model)).write(ensemble);
    readers.add(
        Reader.text("ensemble", ensemble.resolve("ensemble.json"), file -> Ensemble.open(ensemble))
            .withShare(0.5));
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

  private void settings() throws IOException {
    readers.add(
        Reader.text(
                "options",
                write("train.yaml", "epochs: 20\nlr: 1e-3\nbackbone: resnet18\nsampler: INVERSE\n"),
                CommandFiles::options)
            .withCeiling(128));
    readers.add(
        Reader.text(
                "plan of an ablation",
                write(
                    "plan.yaml",
                    "seeds: [1, 2]\nbase:\n  epochs: 2\nswitches:\n  plain: {}\n  slow:\n    lr: 1e-3\n"),
                CommandFiles::plan)
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
