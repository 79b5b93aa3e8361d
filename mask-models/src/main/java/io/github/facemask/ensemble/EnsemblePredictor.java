package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.model.ModelCard;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Predicts photos with each member. Members with the same preprocessing share one pass, so each
 * photo is read and cropped once for all of them; their networks are in memory at the same time.
 *
 * @param ensemble the models
 * @param device the device to run them on
 * @param precision the precision to compute in; exported programs have their own
 */
public record EnsemblePredictor(Ensemble ensemble, Device device, Precision precision) {

  /** Supplies the photos as a member's card requires. */
  @FunctionalInterface
  public interface Batches {
    /**
     * Returns the batches for a member.
     *
     * @param card the member's card
     * @return the photos, each once
     * @throws IOException if a photo cannot be read or the member's face detector is not available
     */
    BatchSource of(ModelCard card) throws IOException;
  }

  /**
   * Predicts each member's table.
   *
   * @param photos supplies the photos as a member's card requires, each once; called once for all
   *     members with the same requirements
   * @param labels the digest of the photos' labels, if they have any
   * @param progress receives the number of photos done, over all members
   * @return a table for each member, in order
   * @throws IOException if a model or a photo cannot be read
   */
  public List<PredictionTable> predictEach(
      Batches photos, Optional<Digest> labels, IntConsumer progress) throws IOException {
    Map<List<Object>, List<Integer>> groups = new LinkedHashMap<>();
    for (int m = 0; m < ensemble.members().size(); m++) {
      ModelCard card = ensemble.members().get(m).model();
      groups
          .computeIfAbsent(List.of(card.preprocessing(), card.faces()), same -> new ArrayList<>())
          .add(m);
    }
    PredictionTable[] tables = new PredictionTable[ensemble.members().size()];
    int before = 0;
    for (List<Integer> group : groups.values()) {
      List<Member> members = group.stream().map(ensemble.members()::get).toList();
      BatchSource source = photos.of(members.get(0).model());
      int offset = before;
      try (SharedPass pass = SharedPass.open(members, device, precision)) {
        List<float[]> rows = pass.classify(source, done -> progress.accept(offset + done));
        for (int i = 0; i < members.size(); i++) {
          tables[group.get(i)] = table(members.get(i), source.photos(), rows.get(i), labels);
        }
      }
      before += source.photos().size() * members.size();
    }
    return List.of(tables);
  }

  private static PredictionTable table(
      Member member, List<Photo> photos, float[] rows, Optional<Digest> labels) {
    Digest weights = member.model().weightsDigest();
    PredictionOrigin origin =
        new PredictionOrigin(
                List.of(weights), List.of(member.model().origin().runId().value()), labels)
            .withPrograms(member.model().program().map(p -> Map.of(weights, p)).orElse(Map.of()))
            .withAttributes(member.model().attributes())
            .withYears(member.model().answersYears());
    PredictionTable.Builder table = PredictionTable.builder(origin, photos.size());
    for (int i = 0; i < photos.size(); i++) {
      int from = i * SharedPass.columns(member);
      float[] classes = Arrays.copyOfRange(rows, from, from + FaceClass.COUNT);
      float years = member.model().answersYears() ? rows[from + FaceClass.COUNT] : Float.NaN;
      table.add(new Row(photos.get(i).id(), classes, years));
    }
    return table.build();
  }

  /**
   * Predicts the ensemble's table.
   *
   * @param photos supplies the photos as a member's card requires, each once; called once for all
   *     members with the same requirements
   * @param labels the digest of the photos' labels, if they have any
   * @param progress receives the number of photos done, over all members
   * @return the combined table
   * @throws IOException if a model or a photo cannot be read
   */
  public PredictionTable predict(Batches photos, Optional<Digest> labels, IntConsumer progress)
      throws IOException {
    return ensemble.combine(predictEach(photos, labels, progress));
  }

  /**
   * Batches of photos as the card of each model requires: whole, or cropped to the face with the
   * settings that the model was trained with. Crops are computed once for all models with equal
   * settings. Not thread-safe.
   */
  public static final class CardBatches {

    private final List<Photo> photos;
    private final Optional<PhotoSet> labelled;
    private final Choices choices;
    private final Map<FaceCropSettings, CropTable> known = new HashMap<>();

    /** The options. */
    private record Choices(
        int batchSize,
        int threads,
        Optional<FaceDetector> detector,
        Optional<CropTable> crops,
        IntConsumer progress,
        PhotoDecoder decoder) {}

    private CardBatches(List<Photo> photos, Optional<PhotoSet> labelled, Choices choices) {
      this.photos = photos;
      this.labelled = labelled;
      this.choices = choices;
    }

    /**
     * Returns the batches of labelled photos; if no face is found, the person's other crops are
     * used.
     *
     * @param photos the photos
     */
    public static CardBatches of(PhotoSet photos) {
      return new CardBatches(photos.photos(), Optional.of(photos), usual());
    }

    /**
     * Returns the batches of photos of unknown people.
     *
     * @param photos the photos
     */
    public static CardBatches of(List<Photo> photos) {
      return new CardBatches(List.copyOf(photos), Optional.empty(), usual());
    }

    private static Choices usual() {
      return new Choices(
          32,
          Runtime.getRuntime().availableProcessors(),
          Optional.empty(),
          Optional.empty(),
          done -> {},
          PhotoDecoder.create());
    }

    /**
     * Returns the batches with another size and number of loader threads.
     *
     * @param batchSize photos in a batch, 1 or more
     * @param threads 1 or more
     */
    public CardBatches withLoading(int batchSize, int threads) {
      return with(
          new Choices(
              batchSize,
              threads,
              choices.detector,
              choices.crops,
              choices.progress,
              choices.decoder));
    }

    /**
     * Returns the batches that use a custom face detector, for models that were trained with it.
     *
     * @param detector the detector; empty for the detectors of the library and the models
     */
    public CardBatches withDetector(Optional<FaceDetector> detector) {
      return with(
          new Choices(
              choices.batchSize,
              choices.threads,
              detector,
              choices.crops,
              choices.progress,
              choices.decoder));
    }

    /**
     * Returns the batches with existing crops.
     *
     * @param crops has a crop of each photo, made with the settings of the models' cards; empty to
     *     compute them now
     */
    public CardBatches withCrops(Optional<CropTable> crops) {
      return with(
          new Choices(
              choices.batchSize,
              choices.threads,
              choices.detector,
              crops,
              choices.progress,
              choices.decoder));
    }

    /**
     * Returns the batches with a listener of the cropping.
     *
     * @param progress receives the number of photos done, in the calling thread
     */
    public CardBatches withProgress(IntConsumer progress) {
      return with(
          new Choices(
              choices.batchSize,
              choices.threads,
              choices.detector,
              choices.crops,
              progress,
              choices.decoder));
    }

    /**
     * Returns the batches with another decoder, for other limits of pixels.
     *
     * @param decoder decodes the photos
     */
    public CardBatches withDecoder(PhotoDecoder decoder) {
      return with(
          new Choices(
              choices.batchSize,
              choices.threads,
              choices.detector,
              choices.crops,
              choices.progress,
              decoder));
    }

    private CardBatches with(Choices changed) {
      return new CardBatches(photos, labelled, changed);
    }

    /**
     * Returns the batches for a model, each photo once.
     *
     * @param card the model's card
     * @return the batches
     * @throws IOException if the model's face detector is not available, or a photo cannot be read
     * @throws IllegalArgumentException if given crops were made with settings other than the card's
     */
    public BatchSource batches(ModelCard card) throws IOException {
      PhotoLoader.Builder loader =
          PhotoLoader.unlabelled(photos, card.preprocessing())
              .optBatchSize(choices.batchSize)
              .optThreads(choices.threads)
              .optDecoder(choices.decoder);
      Optional<CropTable> crops = crops(card);
      crops.ifPresent(loader::optCrops);
      return loader.build();
    }

    /**
     * Returns the crops for a model.
     *
     * @param card the model's card
     * @return a crop of each photo; empty for a model of whole photos
     * @throws IOException as {@link #batches}
     */
    public Optional<CropTable> crops(ModelCard card) throws IOException {
      if (card.faces().isEmpty()) {
        return Optional.empty();
      }
      FaceCropSettings settings = card.faces().get();
      if (choices.crops.isPresent()) {
        Optional<FaceCropSettings> made = choices.crops.get().settings();
        checkArgument(
            made.isEmpty() || made.get().equals(settings),
            "the crops were made with %s, %s was trained on crops of %s",
            made.orElse(settings),
            card.path(),
            settings);
        return choices.crops;
      }
      CropTable decided = known.get(settings);
      if (decided == null) {
        FaceCrop crop = card.faceCrop(choices.detector).orElseThrow();
        CropRun run =
            labelled.isPresent() ? CropRun.of(labelled.get(), crop) : CropRun.of(photos, crop);
        decided =
            run.withThreads(choices.threads)
                .withDecoder(choices.decoder)
                .withProgress(choices.progress)
                .run();
        known.put(settings, decided);
      }
      return Optional.of(decided);
    }
  }
}
