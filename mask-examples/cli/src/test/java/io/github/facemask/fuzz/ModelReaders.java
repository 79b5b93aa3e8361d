package io.github.facemask.fuzz;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.combination.Combination;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.hub.Hub;
import io.github.facemask.hub.HubServer;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.torchscript.ScriptArchive;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.internal.weights.WeightFile;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Readers of weights, models, ensembles and the cache of a hub. */
final class ModelReaders extends ReaderGroup {

  private static final Path WEIGHTS = Path.of("../../mask-models/src/test/resources/interop");
  private static final Path CHECKPOINTS =
      Path.of("../../mask-models/src/test/resources/checkpoints");

  private final Services services;

  ModelReaders(Path folder, Services services) {
    super(folder);
    this.services = services;
  }

  @Override
  void add() throws IOException {
    weights();
    otherWeights();
    models();
    hub();
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
              ModelReaders::allWeights));
    }
  }

  private void otherWeights() throws IOException {
    for (String name : List.of("jax_vit_target.npz", "dino.pth", "protocol4.pth")) {
      readers.add(
          Reader.bytes(
              "weights " + name,
              copy(CHECKPOINTS.resolve(name), "checkpoints/" + name),
              ModelReaders::allWeights));
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
            ModelReaders::allWeights));
  }

  private static void allWeights(Path file) throws IOException {
    for (HostTensor tensor : WeightFile.read(file).tensors().values()) {
      tensor.toDoubles();
    }
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
    readers.add(Reader.bytes("TorchScript archive", archive, ModelReaders::allWeights).refused());
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
}
