package io.github.facemask.loader;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.sampling.SamplingBalance;
import io.github.facemask.transform.PhotoTransform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Loads photos as batches for a network. Several threads decode them directly into the batch's
 * memory, ahead of the reader. Without a sampler, each photo is shown once, in order. Without
 * transforms, each photo gets the preprocessing of evaluation. Without mixing, targets are one-hot:
 * over the 18 classes, or over the 48 labels if the set has photos with unknown attributes. The
 * same seed and epoch give bit-identical batches for any number of threads. On a GPU, augmented
 * photos are transformed and mixed there, with the same draws; the pixels then differ from the
 * CPU's by the rounding of a few levels.
 *
 * <p>Thread-safe; each stream is for one thread.
 */
public final class PhotoLoader implements BatchSource {

  private final ImmutableList<Photo> photos;
  private final Optional<PhotoSet> labelled;
  private final PhotoPipeline pipeline;
  private final Optional<Mixing> mixing;
  private final Optional<PhotoSampler> sampler;
  private final Supplier<Map<String, Object>> balance;
  private final int batchSize;
  private final int threads;
  private final int prefetch;
  private final long seed;
  private final boolean storedForm;
  private final PhotoDecoder decoder;
  private final CropRegions crops;
  private final Optional<MaskedPhotos> masked;
  private final Optional<FaceCropSettings> faces;
  private final PhotoSource source;
  private final BatchPreparation preparation;
  private final boolean transformsOnAnyDevice;
  private final int targetColumns;
  private final boolean years;

  private PhotoLoader(Builder builder) {
    this.photos = builder.photos;
    this.labelled = builder.labelled;
    this.years = builder.years;
    this.targetColumns = columns(labelled, years);
    this.pipeline = PhotoPipeline.of(builder.preprocessing, builder.transforms);
    this.mixing = Optional.ofNullable(builder.mixing);
    this.sampler = Optional.ofNullable(builder.sampler);
    this.balance = Suppliers.memoize(this::balanceOfFirstEpoch);
    this.batchSize = builder.batchSize;
    this.threads = builder.threads;
    this.prefetch = builder.prefetch;
    this.seed = builder.seed;
    PhotoSource.CacheChoice cache =
        new PhotoSource.CacheChoice(builder.cacheBytes, builder.cacheFolder, threads);
    // An overlay is painted on the stored form, so that large photos do not make it slow.
    this.storedForm = cache.keeps() || builder.overlay != null;
    this.decoder = builder.decoder;
    this.crops = builder.crops();
    this.faces = builder.faces();
    Preprocessing size = builder.preprocessing;
    this.source = new PhotoSource(photos, decoder, crops, cache, storedForm, size);
    this.masked = builder.masked(crops);
    this.preparation =
        new BatchPreparation(
            pipeline, mixing, masked, source, new BufferPool(prefetch + 1), batchSize, seed);
    this.transformsOnAnyDevice = builder.transformsOnAnyDevice;
  }

  /**
   * Returns a builder of a loader of labelled photos.
   *
   * @param photos the photos
   * @param preprocessing the network's input
   * @return the builder
   */
  public static Builder builder(PhotoSet photos, Preprocessing preprocessing) {
    return new Builder(ImmutableList.copyOf(photos.photos()), Optional.of(photos), preprocessing);
  }

  /**
   * Returns a builder of a loader of photos without labels; their targets are zeros.
   *
   * @param photos the photos
   * @param preprocessing the network's input
   * @return the builder
   */
  public static Builder unlabelled(List<Photo> photos, Preprocessing preprocessing) {
    return new Builder(ImmutableList.copyOf(photos), Optional.empty(), preprocessing);
  }

  /**
   * Finds the photos that cannot be decoded, before the first batch. Each photo is decoded once; no
   * pixels are kept.
   *
   * @param photos the photos
   * @param decoder its limits decide which photos are too large
   * @param threads threads that decode, 1 or more
   * @param progress receives the number of photos done, in the calling thread
   * @return the other photos in their order, and a problem for each photo that was left out
   * @throws IOException if the thread is interrupted
   */
  public static PhotoSet.Reading readable(
      PhotoSet photos, PhotoDecoder decoder, int threads, IntConsumer progress) throws IOException {
    return PhotoCheck.of(photos, decoder, threads, progress);
  }

  /** Builder of {@link PhotoLoader}. */
  public static final class Builder {

    private final ImmutableList<Photo> photos;
    private final Optional<PhotoSet> labelled;
    private final Preprocessing preprocessing;
    private ImmutableList<PhotoTransform> transforms = ImmutableList.of();
    private Mixing mixing;
    private PhotoSampler sampler;
    private int batchSize = 32;
    private int threads = Runtime.getRuntime().availableProcessors();
    private int prefetch = 3;
    private long seed;
    private long cacheBytes;
    private Path cacheFolder;
    private PhotoDecoder decoder = PhotoDecoder.create();
    private FaceCrop faceCrop;
    private CropTable cropTable;
    private boolean unauditedCrops;
    private boolean years;
    private MaskOverlay overlay;
    private CropTable overlaidFaces;
    private boolean transformsOnAnyDevice;

    private Builder(
        ImmutableList<Photo> photos, Optional<PhotoSet> labelled, Preprocessing preprocessing) {
      this.photos = photos;
      this.labelled = labelled;
      this.preprocessing = preprocessing;
    }

    /**
     * Sets what is done to each photo, for training; see {@link PhotoPipeline}.
     *
     * @param steps at most one crop transform, first, and pixel transforms
     * @return this
     */
    public Builder optTransforms(PhotoTransform... steps) {
      return optTransforms(List.of(steps));
    }

    /**
     * Sets what is done to each photo, for training; see {@link PhotoPipeline}.
     *
     * @param steps at most one crop transform, first, and pixel transforms
     * @return this
     */
    public Builder optTransforms(List<? extends PhotoTransform> steps) {
      this.transforms = ImmutableList.copyOf(steps);
      return this;
    }

    /**
     * Sets what is done to each photo and how the photos of a batch are mixed. If masks are laid
     * on, {@link #optOverlaidFaces} says where.
     *
     * @param choice the masks, the transforms and the mixing
     * @return this
     */
    public Builder optAugmentation(Augmentation choice) {
      this.overlay = choice.overlay().orElse(null);
      this.transforms = choice.transforms();
      this.mixing = choice.mixing().orElse(null);
      return this;
    }

    /**
     * Sets how the photos of a batch are mixed with each other.
     *
     * @param choice the mixing
     * @return this
     */
    public Builder optMixing(Mixing choice) {
      this.mixing = choice;
      return this;
    }

    /**
     * Sets which photos an epoch shows, and in what order.
     *
     * @param choice the sampler; needs labelled photos
     * @return this
     */
    public Builder optSampler(PhotoSampler choice) {
      this.sampler = choice;
      return this;
    }

    /**
     * Sets the number of photos in a batch, 32 by default; the last batch may have fewer.
     *
     * @param photosPerBatch 1 or more
     * @return this
     */
    public Builder optBatchSize(int photosPerBatch) {
      this.batchSize = photosPerBatch;
      return this;
    }

    /**
     * Sets the number of loader threads; by default the number of processors.
     *
     * @param count 1 or more
     * @return this
     */
    public Builder optThreads(int count) {
      this.threads = count;
      return this;
    }

    /**
     * Sets how many batches are loaded ahead of the reader, 3 by default. This limits their memory.
     *
     * @param batches 1 or more
     * @return this
     */
    public Builder optPrefetch(int batches) {
      this.prefetch = batches;
      return this;
    }

    /**
     * Sets the seed of all random draws, 0 by default.
     *
     * @param value the seed
     * @return this
     */
    public Builder optSeed(long value) {
      this.seed = value;
      return this;
    }

    /**
     * Keeps decoded photos in memory. Photos are then shrunk before the transforms, so that their
     * shorter side is 1.3 times the input's longer one. This applies to every photo in every epoch,
     * so the size of the cache changes the speed but not the batches.
     *
     * @param bytes the size of the cache on the Java heap; 0, the default, for no cache
     * @return this
     */
    public Builder optCacheBytes(long bytes) {
      this.cacheBytes = bytes;
      return this;
    }

    /**
     * Keeps decoded photos, in the form that {@link #optCacheBytes} describes, in a file that is
     * memory-mapped and reused by later runs. Its name is a digest of the photos' names, sizes and
     * modification times, the crops and the stored size. It is built when the first batch is
     * loaded, or by {@link PhotoLoader#fillCache}.
     *
     * @param folder the folder of the file; the file takes about 3 * (1.7 * side)^2 bytes for each
     *     photo
     * @return this
     */
    public Builder optCacheFolder(Path folder) {
      this.cacheFolder = folder;
      return this;
    }

    /**
     * Sets the decoder, for other limits or a reduced scale.
     *
     * @param choice the decoder
     * @return this
     */
    public Builder optDecoder(PhotoDecoder choice) {
      this.decoder = choice;
      return this;
    }

    /**
     * Crops each photo to the face before the transforms. The crops of all photos are computed when
     * the first batch is loaded; to see or keep them, use {@link CropRun} and {@link #optCrops}.
     * These crops are not audited, so labelled photos need {@link #optUnauditedCrops}.
     *
     * @param choice how to crop
     * @return this
     */
    public Builder optFaceCrop(FaceCrop choice) {
      this.faceCrop = choice;
      return this;
    }

    /**
     * Crops each photo as in a table, before the transforms. For labelled photos the table must be
     * {@linkplain CropTable#audited audited}, except with {@link #optUnauditedCrops}.
     *
     * @param table has a crop of each photo
     * @return this
     */
    public Builder optCrops(CropTable table) {
      this.cropTable = table;
      return this;
    }

    /**
     * Accepts crops that were not audited. Wrong crops, for instance of people in the background,
     * then go into training unnoticed; review crops first with {@code CropAudit} and {@code
     * AuditPage}.
     *
     * @return this
     */
    public Builder optUnauditedCrops() {
      this.unauditedCrops = true;
      return this;
    }

    /**
     * Adds the age in years to the targets, for a network that learns it: see {@link
     * io.github.facemask.batch.PhotoBatch#targets}.
     *
     * @return this
     */
    public Builder optYears() {
      this.years = true;
      return this;
    }

    /**
     * Lays masks on faces without one, and changes their labels, before the transforms; for
     * training only. The sampler draws from the changed labels of each epoch. Photos are shrunk as
     * {@link #optCacheBytes} describes, also without a cache.
     *
     * @param choice the masks
     * @return this
     */
    public Builder optOverlay(MaskOverlay choice) {
      this.overlay = choice;
      return this;
    }

    /**
     * Sets the faces that masks are laid on; by default those of {@link #optCrops}. A photo without
     * a face in the table gets no mask.
     *
     * @param faces has the faces of the photos that may get a mask
     * @return this
     */
    public Builder optOverlaidFaces(CropTable faces) {
      this.overlaidFaces = faces;
      return this;
    }

    /** Transforms photos on the device even if it is the CPU, for tests. */
    Builder transformsOnAnyDevice() {
      this.transformsOnAnyDevice = true;
      return this;
    }

    /**
     * Builds the loader. No photo is read yet.
     *
     * @return the loader
     * @throws IllegalArgumentException if an option is out of range or conflicts with another
     */
    public PhotoLoader build() {
      check(batchSize >= 1, "batchSize", batchSize, "at least 1");
      check(threads >= 1, "threads", threads, "at least 1");
      check(prefetch >= 1, "prefetch", prefetch, "at least 1 batch");
      check(cacheBytes >= 0, "cacheBytes", cacheBytes, "at least 0");
      long photoBytes = (long) preprocessing.height() * preprocessing.width() * Pixels.CHANNELS;
      long most = Integer.MAX_VALUE / photoBytes;
      check(batchSize <= most, "batchSize", batchSize, "at most " + most + ", which fill 2 GiB");
      checkArgument(
          labelled.isPresent() || (sampler == null && mixing == null),
          "photos have no labels, expected neither a sampler nor mixing");
      checkArgument(
          labelled.isPresent() || overlay == null,
          "photos have no labels, expected labelled photos to lay masks on");
      checkArgument(
          overlay == null || overlaidFaces != null || cropTable != null,
          "masks are to be laid on faces, and no table has the faces; make it with CropRun");
      checkArgument(
          overlay == null || faceCrop == null,
          "crops are decided when the first batch is loaded, expected a table of crops to lay masks"
              + " on; make it with CropRun");
      checkArgument(
          cacheBytes == 0 || cacheFolder == null,
          "both cache bytes and a cache folder are given, expected at most one");
      checkArgument(
          faceCrop == null || cropTable == null,
          "both a face crop and a crop table are given, expected at most one");
      boolean shown = faceCrop == null && (cropTable == null || cropTable.audited());
      check(
          shown || unauditedCrops || labelled.isEmpty(),
          "cropTable",
          "not audited",
          "crops of labelled photos that somebody was shown",
          "audit them (CropAudit, AuditPage and AuditMark), or say optUnauditedCrops()");
      return new PhotoLoader(this);
    }

    private CropRegions crops() {
      if (cropTable != null) {
        return CropRegions.of(photos, cropTable);
      }
      return faceCrop == null
          ? CropRegions.none()
          : CropRegions.decidedLater(
              (labelled.isPresent()
                      ? CropRun.of(labelled.get(), faceCrop)
                      : CropRun.of(photos, faceCrop))
                  .withDecoder(decoder),
              photos,
              faceCrop,
              threads);
    }

    private Optional<MaskedPhotos> masked(CropRegions regions) {
      return overlay == null
          ? Optional.empty()
          : Optional.of(
              new MaskedPhotos(
                  overlay,
                  overlaidFaces == null ? cropTable : overlaidFaces,
                  labelled.orElseThrow(),
                  regions,
                  seed));
    }

    private Optional<FaceCropSettings> faces() {
      return cropTable != null
          ? cropTable.settings()
          : Optional.ofNullable(faceCrop).map(FaceCrop::settings);
    }
  }

  @Override
  public List<Photo> photos() {
    return photos;
  }

  @Override
  public int photosPerEpoch() {
    return sampler.isPresent() ? sampler.get().photosPerEpoch(labelled.get()) : photos.size();
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  /** The name of the crops' file in the folder of a run. */
  public static final String CROPS_FILE = "crops.jsonl";

  /**
   * The name of the file of the faces that masks are laid on, in the folder of a run; missing if
   * they are those of {@link #CROPS_FILE}.
   */
  public static final String FACES_FILE = "faces.jsonl";

  @Override
  public void writeTo(Path run) throws IOException {
    Optional<CropTable> table = crops.given();
    if (table.isPresent()) {
      table.get().write(run.resolve(CROPS_FILE));
    }
    if (masked.isPresent() && !table.equals(Optional.of(masked.get().faces()))) {
      masked.get().faces().write(run.resolve(FACES_FILE));
    }
  }

  @Override
  public Map<String, Object> faces() {
    return faces.map(FaceCropSettings::toMap).orElse(Map.of());
  }

  /** Returns the network's input. */
  public Preprocessing preprocessing() {
    return pipeline.preprocessing();
  }

  /**
   * Opens the cache and builds its file now instead of with the first batch. Does nothing without
   * {@link Builder#optCacheFolder}.
   *
   * @param progress receives the number of stored photos, from 1 to all, in the calling thread
   * @throws IOException if a photo cannot be read or the file not written
   */
  public void fillCache(IntConsumer progress) throws IOException {
    source.open(progress);
  }

  @Override
  public BatchStream open(NDManager manager, int epoch) {
    return open(manager, epoch, 0);
  }

  /**
   * Starts a pass in its middle, to resume a run: the batches are those of the whole pass from
   * there on, with the same random draws.
   *
   * @param manager owns the arrays of the batches
   * @param epoch the number of the pass, from 0
   * @param firstBatch the first batch to show, from 0
   * @return the rest of the pass
   */
  public BatchStream open(NDManager manager, int epoch, int firstBatch) {
    int[] order = order(epoch);
    int batches = (order.length + batchSize - 1) / batchSize;
    check(firstBatch >= 0 && firstBatch <= batches, "firstBatch", firstBatch, "0 to " + batches);
    return new PhotoStream(this, manager, epoch, order, firstBatch).start(threads);
  }

  /** Returns the photos of a pass in their order. */
  int[] order(int epoch) {
    check(epoch >= 0, "epoch", epoch, "at least 0");
    return sampler.isPresent()
        ? sampler.get().epochOrder(labelled(epoch).get(), seed, epoch)
        : IntStream.range(0, photos.size()).toArray();
  }

  /** Starts a pass over some photos. */
  BatchStream open(NDManager manager, int epoch, int[] order) {
    return new PhotoStream(this, manager, epoch, order, 0).start(threads);
  }

  /**
   * Returns batches of features instead of pixels: float32 (B, F, 1, 1). Each photo goes through a
   * network once, when the first batch is read. It needs 4 * F bytes of memory for each photo.
   *
   * @param network opens the network, which is closed after its last photo
   * @return the batches, in the order of this loader's
   * @throws IllegalArgumentException if the photos are augmented or mixed, and so have no fixed
   *     features
   */
  public BatchSource features(FeatureNetworkSource network) {
    check(
        pipeline.isPlain() && mixing.isEmpty() && masked.isEmpty(),
        "transforms",
        pipeline.parameters(),
        "none, no mixing and no overlay, for cached features");
    return new FeatureBatches(this, network);
  }

  /** A network that gives the features of photos. */
  public interface FeatureNetwork extends AutoCloseable {

    /** Returns the manager of its device. */
    NDManager manager();

    /**
     * Returns the features of photos.
     *
     * @param photos uint8 (B, H, W, 3)
     * @return float32 (B, F), owned by the manager of the photos
     */
    NDArray pooled(NDArray photos);

    @Override
    void close();
  }

  /** Opens a network. */
  @FunctionalInterface
  public interface FeatureNetworkSource {

    /** Opens it. */
    FeatureNetwork open() throws IOException;
  }

  @Override
  public Map<String, Object> parameters() {
    ImmutableMap.Builder<String, Object> all = ImmutableMap.builder();
    all.put("photos", photos.size());
    all.put("labelled", labelled.isPresent());
    all.put("height", preprocessing().height());
    all.put("width", preprocessing().width());
    all.put("interpolation", preprocessing().interpolation().name());
    all.put("transforms", pipeline.parameters());
    mixing.ifPresent(choice -> all.put("mixing", choice.parameters()));
    masked.ifPresent(choice -> all.put("overlay", choice.parameters()));
    sampler.ifPresent(
        choice -> {
          all.put("sampler", choice.parameters());
          all.put("balance", balance.get());
        });
    all.put("batchSize", batchSize);
    all.put("seed", seed);
    all.put("storedForm", storedForm);
    all.put("decoder", decoder.parameters());
    all.put("crops", crops.parameters());
    return all.build();
  }

  @Override
  public double[] expectedLabelCounts(int epoch) {
    if (labelled.isEmpty()) {
      return new double[0];
    }
    PhotoSet shown = labelled(epoch).get();
    return sampler.isPresent()
        ? sampler.get().at(epoch).expectedLabelCounts(shown)
        : Doubles.toArray(Ints.asList(shown.labelCounts()));
  }

  @Override
  public boolean showsYears() {
    return years;
  }

  /**
   * Photos that are augmented or mixed are transformed on a GPU. Others get the same crop as in
   * evaluation, on the CPU, so that a model gets the same pixels on every device.
   */
  @Override
  public boolean transformsOnDevice(Device device) {
    return preparation.suitsDevice() && (device.isGpu() || transformsOnAnyDevice);
  }

  private static int columns(Optional<PhotoSet> labelled, boolean years) {
    if (years) {
      return FaceLabel.COUNT + AgeGroup.YEARS;
    }
    return labelled.map(PhotoSet::complete).orElse(true) ? FaceClass.COUNT : FaceLabel.COUNT;
  }

  private Map<String, Object> balanceOfFirstEpoch() {
    return SamplingBalance.of(sampler.get(), labelled(0).get(), seed, 0).toJson();
  }

  int prefetch() {
    return prefetch;
  }

  BatchPreparation preparation() {
    return preparation;
  }

  /** Returns the photos with their labels in an epoch. */
  private Optional<PhotoSet> labelled(int epoch) {
    return masked.isPresent() ? Optional.of(masked.get().labels(epoch)) : labelled;
  }

  float[] target(int epoch, int index) {
    float[] target = new float[targetColumns];
    labelled(epoch).ifPresent(set -> AgeTargets.fill(target, set.get(index), years));
    return target;
  }
}
