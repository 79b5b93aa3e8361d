package io.github.facemask.cli.model;

import ai.djl.Device;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.options.Devices;
import io.github.facemask.cli.options.FaceFilterOptions;
import io.github.facemask.cli.options.FaceOptions;
import io.github.facemask.cli.options.HelpHeading;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.serve.FaceService;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Classifies photos over HTTP. */
@Command(
    name = "serve",
    header = "Classifies the faces of photos over HTTP, and shows them on a page.",
    description = {
      "Answers POST /v1/faces with the faces of photos as JSON, and shows a page at / to try it.",
      "No photo is kept. It listens on this machine alone, until Ctrl-C."
    },
    footer = {"", "Example: mask serve --model runs/<run>"})
public final class ServeCommand implements Callable<Integer> {

  private static final int INTERRUPTED = 130;

  @Spec CommandSpec spec;

  @HelpHeading(HelpHeading.Heading.NETWORK)
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of a run, a model, an exported program or an ensemble.")
  Path model;

  @HelpHeading(HelpHeading.Heading.NETWORK)
  @Option(
      names = "--precision",
      description = {
        "${COMPLETION-CANDIDATES} (default: BFLOAT16 on GPUs and on processors that support it,",
        "otherwise FLOAT32). Exported programs have their own precision."
      })
  Precision precision;

  @HelpHeading(HelpHeading.Heading.NETWORK)
  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|gpu",
      description = "auto uses a GPU if there is one (default: ${DEFAULT-VALUE}).")
  String device;

  @Mixin FaceOptions faces;

  @Mixin FaceFilterOptions filter;

  @HelpHeading(HelpHeading.Heading.FACES)
  @Option(
      names = "--max-faces",
      defaultValue = "100",
      paramLabel = "N",
      description = "The most faces of a photo, the largest first (default: ${DEFAULT-VALUE}).")
  int maxFaces;

  @HelpHeading(HelpHeading.Heading.FACES)
  @Option(
      names = "--unsure",
      defaultValue = "0",
      paramLabel = "P",
      description = {
        "Answer 'unsure' for an attribute whose probability is below P",
        "(default: ${DEFAULT-VALUE}, never)."
      })
  double unsure;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "The interface to listen on; 0.0.0.0 for all (default: ${DEFAULT-VALUE}).")
  String host;

  @Option(
      names = "--host-name",
      paramLabel = "NAME",
      description = {
        "A name under which the service is reached besides localhost and addresses, for instance",
        "of a proxy; may be repeated. Requests for other names are refused."
      })
  List<String> hostNames = new ArrayList<>();

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "The port; 0 for any free one (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--max-bytes",
      defaultValue = "20971520",
      paramLabel = "N",
      description = "The longest body of a request, in bytes (default: ${DEFAULT-VALUE}).")
  long maxBytes;

  @Option(
      names = "--max-pixels",
      defaultValue = "50000000",
      paramLabel = "N",
      description = "The most pixels of a photo (default: ${DEFAULT-VALUE}).")
  long maxPixels;

  @Option(
      names = "--max-photos",
      defaultValue = "16",
      paramLabel = "N",
      description = "The most photos of a request (default: ${DEFAULT-VALUE}).")
  int maxPhotos;

  @Option(
      names = "--queue",
      defaultValue = "64",
      paramLabel = "N",
      description = {
        "How many requests may be in work; further ones are refused with status 429",
        "(default: ${DEFAULT-VALUE})."
      })
  int queue;

  @Option(
      names = "--batch",
      defaultValue = "16",
      paramLabel = "N",
      description = "The most photos in a batch (default: ${DEFAULT-VALUE}).")
  int batch;

  @Option(
      names = "--batch-wait",
      defaultValue = "5",
      paramLabel = "MS",
      description = {
        "How long the first photo of a batch waits for others, in milliseconds",
        "(default: ${DEFAULT-VALUE})."
      })
  int batchWait;

  @Override
  public Integer call() throws Exception {
    Ensemble models = Ensemble.open(model);
    try (FaceClassifier classifier = classifier(models);
        FaceService service = start(classifier, models)) {
      tell(service, classifier, models);
      waitForSignal();
      spec.commandLine().getErr().println("mask: stopping; Ctrl-C again stops at once");
    }
    return 0;
  }

  private FaceClassifier classifier(Ensemble models) throws IOException {
    Device where = Devices.named(device);
    FaceClassifier.Builder builder =
        FaceClassifier.builder(model)
            .optDevice(where)
            .optBatchSize(batch)
            .optMaxFaces(maxFaces)
            .optUnsure(unsure);
    if (precision != null) {
      builder.optPrecision(precision);
    }
    filter.applyTo(builder);
    if (Photos.seesFaces(models)) {
      // The card names the detector; a given one must be that.
      faces.named().ifPresent(builder::optFaceDetector);
    } else {
      builder.optFaceSearch(FaceCrop.by(faces.detector()));
    }
    return builder.open();
  }

  private FaceService start(FaceClassifier classifier, Ensemble models) throws IOException {
    FaceService.Builder builder =
        FaceService.builder(classifier)
            .optModels(models)
            .optHost(host)
            .optHostNames(hostNames)
            .optPort(port)
            .optMaxBytes(maxBytes)
            .optMaxPixels(maxPixels)
            .optMaxPhotos(maxPhotos)
            .optQueue(queue)
            .optBatchSize(batch)
            .optBatchWait(Duration.ofMillis(batchWait));
    if (!builder.isLoopback()) {
      spec.commandLine()
          .getErr()
          .printf(
              "mask: warning: other machines can reach %s, and there is no authentication and no"
                  + " TLS; put a proxy in front%n",
              host);
    }
    return builder.start();
  }

  private void tell(FaceService service, FaceClassifier classifier, Ensemble models)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s answers %s on %s; faces are found with %s; Ctrl-C stops%n",
        model,
        models.attributes().stream().map(a -> a.word()).collect(Collectors.joining(", ")),
        service.uri(),
        classifier.faceSearch().detector().settings().name());
    out.flush();
  }

  private static void waitForSignal() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runnable first =
        () -> {
          if (stopped.getCount() == 0) {
            Interruption.endNow(INTERRUPTED);
          }
          stopped.countDown();
        };
    Signals.register("INT", first);
    Signals.register("TERM", first);
    stopped.await();
  }
}
