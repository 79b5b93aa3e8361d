package io.github.facemask.fuzz;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.cli.CommandFiles;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.combination.Combination;
import io.github.facemask.curation.PseudoLabels;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropReview;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.CropTable.AuditMark;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.hub.Hub;
import io.github.facemask.hub.HubServer;
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
import io.github.facemask.lab.synthetic.SyntheticTruth;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.Prior;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import io.github.facemask.provenance.RunId;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.recipe.TrainingRecipe.Running;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.search.Search;
import io.github.facemask.submission.Submission.Origin;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import io.github.facemask.trace.Tracer;
import io.github.facemask.training.TrainingListener;
import io.github.facemask.training.TrainingListener.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/** Every reader with a valid file of its own. */
final class Readers implements AutoCloseable {

  private static final Path IMAGES = Path.of("../../mask-augment/src/test/resources/images");
  private static final Path WEIGHTS = Path.of("../../mask-models/src/test/resources/interop");
  private static final Path CHECKPOINTS =
      Path.of("../../mask-models/src/test/resources/checkpoints");
  private static final Path GOLDEN = Path.of("../../mask-models/src/test/resources/golden");

  private final Path folder;
  private final List<Reader> readers = new ArrayList<>();
  private final Services services = new Services();

  private Readers(Path folder) {
    this.folder = folder;
  }

  /** Writes a valid file for each reader. */
  static Readers in(Path folder) throws IOException {
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
    readers.recipe();
    readers.settings();
    readers.hub();
    readers.requests();
    return readers;
  }

  List<Reader> all() {
    return readers;
  }

  /** Stops the servers. */
  @Override
  public void close() throws IOException {
    services.close();
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
    writePhotos(data);
    readers.add(
        Reader.text(
                "table train.csv",
                data.resolve("train/train.csv"),
                file -> PstageFolder.read(data).digest())
            .withShare(0.1));
    readers.add(
        Reader.text(
            "table info.csv", data.resolve("eval/info.csv"), f -> EvaluationFolder.read(data)));
    Path truth = folder.resolve("truths");
    readers.add(
        Reader.text(
            "table truth.csv",
            write(
                "truths/truth.csv",
                "photo,class,age,face_x,face_y,face_width,face_height,other_x,other_y,other_width,"
                    + "other_height\n"
                    + "000000_male_Asian_41/normal.jpg,13,41,3,4,50,60,,,,\n"
                    + "000001_female_Asian_20/mask1.jpg,3,20,3,4,50,60,70,4,20,20\n"),
            f -> SyntheticTruth.read(truth)));
    Path fixes = folder.resolve("fixes.csv");
    LabelFixes.pstage().write(fixes);
    readers.add(Reader.text("label fixes", fixes, file -> LabelFixes.read(file).digest()));
  }

  /** Writes a folder in the competition's layout. */
  private void writePhotos(Path data) throws IOException {
    StringBuilder people = new StringBuilder("id,gender,race,age,path\n");
    StringBuilder info = new StringBuilder("ImageID,ans\n");
    for (int i = 0; i < 12; i++) {
      String gender = i % 2 == 0 ? "male" : "female";
      String id = String.format("%06d", i);
      String person = id + "_" + gender + "_Asian_" + (20 + 5 * i);
      people.append(id + "," + gender + ",Asian," + (20 + 5 * i) + "," + person + "\n");
      for (String name :
          List.of("mask1", "mask2", "mask3", "mask4", "mask5", "incorrect_mask", "normal")) {
        copy(
            IMAGES.resolve("q90.jpg"),
            folder.relativize(data) + "/train/images/" + person + "/" + name + ".jpg");
      }
      copy(IMAGES.resolve("q90.jpg"), folder.relativize(data) + "/eval/images/e" + i + ".jpg");
      info.append("e" + i + ".jpg,0\n");
    }
    Files.writeString(data.resolve("train/train.csv"), people.toString());
    Files.writeString(data.resolve("eval/info.csv"), info.toString());
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
    partialTables();
    PredictionTable table = predictions(set);
    Path ages = folder.resolve("ages.csv");
    PredictionTable.Builder ofAges =
        PredictionTable.builder(
            table.origin().withAttributes(ImmutableSet.of(Attribute.AGE)).withYears(true));
    for (FacePhoto photo : set) {
      float[] row = new float[FaceClass.COUNT];
      Arrays.fill(row, 1f / FaceClass.COUNT);
      ofAges.add(new PredictionReader.Row(photo.photo().id(), row, 41.5f));
    }
    ofAges.build().write(ages);
    readers.add(Reader.text("predictions of ages", ages, Readers::allAnswers));
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

  /** Tables of photos that know some attributes, in the words of others. */
  private void partialTables() throws IOException {
    String[][] tables = {
      {"masks", "image;label\n", "photo%d.jpg;with_mask\n", "photo%d.jpg;mask_weared_incorrect\n"},
      {"ages", "file\tage\n", "./photo%d.jpg\t20-29\n", "photo%d.jpg\t(60, 100)\n"},
      {
        "numbers",
        "sep=,\npath,\"gender(0=male,1=female)\",person,split\n",
        "photo%d.jpg,0,p%1$d,train\n",
        "photo%d.jpg,1,p%1$d,val\n"
      },
    };
    for (String[] table : tables) {
      StringBuilder text = new StringBuilder(table[1]);
      for (int i = 0; i < 6; i++) {
        text.append(String.format(table[2 + i % 2], i));
      }
      readers.add(
          Reader.text(
              "table of " + table[0],
              write("set/" + table[0] + ".csv", text.toString()),
              file -> ManifestFile.read(file).digest()));
    }
    Path words = write("set/own.csv", "path,mask,age\nphoto0.jpg,yes,20-29\nphoto1.jpg,no,70\n");
    readers.add(
        Reader.text(
            "label map",
            write(
                "words.csv",
                """
                attribute,word,value
                mask,ja,worn
                mask,nein,not_worn
                age,jung,0-29
                age,alt,60+
                gender,?,unknown
                class,x,3
                """),
            file -> ManifestFile.builder(words).optLabelMap(file).build().read()));
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
              0,
              List.of(
                  new Detection(
                      new Box(3, 4, 20, 22),
                      0.75,
                      "test",
                      List.of(
                          new Point(5, 8),
                          new Point(15, 8),
                          new Point(10, 12),
                          new Point(6, 16),
                          new Point(14, 16)))),
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
    Network vit = Backbones.get("vit_tiny_patch16_224").withInputSize(32, 32).network();
    ModelFolder.write(
        folder.resolve("vit"),
        vit,
        Initialization.random(vit, 1),
        Optional.of(FaceCrop.cascade()),
        origin,
        Map.of("source", "pretrained", "licence", "apache-2.0"),
        Map.of(Attribute.MASK, 1.5, Attribute.AGE, 0.75));
    readers.add(
        Reader.text(
            "model card of a transformer",
            folder.resolve("vit/model.json"),
            file -> Backbones.network(ModelFolder.open(file.getParent()))));
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
    Ensemble.of(
            Combination.SOFT_VOTE,
            List.of(new Member(model, 1)),
            Optional.of(
                new Ensemble.Fitting(
                    "greedy",
                    true,
                    0.75,
                    0.7,
                    20,
                    ImmutableList.of("b", "c"),
                    Digest.ofText("data"),
                    ImmutableList.of(Digest.ofText("table")),
                    ImmutableMap.of(Attribute.GENDER, 1.25))))
        .write(ensemble);
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

  /** The cache of published files, and the answers of a hub. */
  private void hub() throws IOException {
    Hub.Artifact artifact =
        new Hub.Artifact(
            "net",
            "some/net",
            ImmutableList.of("model.safetensors"),
            Optional.empty(),
            Optional.empty());
    Path cache = folder.resolve("hub/models--some--net");
    String commit = "0123456789abcdef0123456789abcdef01234567";
    byte[] content = HubServer.bytes(2000);
    Path blob = cache.resolve("blobs/" + Digest.ofBytes(content).hex());
    Path named = cache.resolve("snapshots/" + commit + "/model.safetensors");
    Files.createDirectories(blob.getParent());
    Files.createDirectories(named.getParent());
    Files.write(blob, content);
    Files.createSymbolicLink(named, blob);
    Hub hub =
        Hub.of(
            Map.of(
                "HF_HUB_CACHE",
                folder.resolve("hub").toString(),
                "TORCH_HOME",
                folder.resolve("torch").toString(),
                "HF_HUB_OFFLINE",
                "1"));
    Path older = Files.createDirectories(cache.resolve("snapshots/older"));
    Files.createSymbolicLink(older.resolve("model.safetensors"), blob);
    readers.add(
        Reader.text(
            "newest snapshot of the hub's cache",
            write("hub/models--some--net/refs/main", commit),
            file -> {
              Path found = hub.places(artifact).get(0).found().orElseThrow();
              if (!found.equals(named)) {
                throw new IOException(file + ": names no snapshot, taken is " + found);
              }
            }));
    Path second = folder.resolve("second-hub/models--some--net");
    Path digested = second.resolve("blobs").resolve(blob.getFileName());
    Files.createDirectories(digested.getParent());
    Files.write(digested, content);
    Path linked =
        Files.createDirectories(second.resolve("snapshots/a")).resolve("model.safetensors");
    Files.createSymbolicLink(linked, digested);
    Hub other =
        Hub.of(
            Map.of(
                "HF_HUB_CACHE",
                second.getParent().toString(),
                "TORCH_HOME",
                folder.resolve("torch").toString()));
    readers.add(Reader.bytes("file in the hub's cache", linked, file -> other.locate(artifact)));
    readers.add(services.hub(artifact, folder, content).withShare(0.01).withCeiling(32));
  }

  private void requests() throws IOException {
    byte[] photo = Files.readAllBytes(IMAGES.resolve("exif_orientation6.jpg"));
    readers.addAll(services.requests(folder, photo));
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
