package io.github.facemask.serve;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Classifies the faces of photos over HTTP, and shows them on a page. Photos that arrive together
 * are classified in one batch. No photo is kept, on disk or in a log. There is no authentication
 * and no TLS: other hosts than this one reach it best through a proxy. Thread-safe. Closing it
 * answers the requests in work first.
 */
public final class FaceService implements AutoCloseable {

  /** Threads beside those of the requests: for health, metrics, refusals and the selectors. */
  private static final int OTHER_THREADS = 24;

  private static final int HEADER_BYTES = 8192;

  private final Javalin server;
  private final Gate gate;
  private final Batcher batcher;
  private final ExecutorService heatMaps;
  private final ServiceMetrics metrics;
  private final Duration stopTime;
  private final URI uri;
  private boolean closed; // guarded by this

  private FaceService(Builder choices) throws IOException {
    Limits limits = choices.limits();
    this.stopTime = choices.stopTime;
    Places places = new Places(limits);
    this.metrics = new ServiceMetrics(places);
    this.gate =
        new Gate(
            metrics,
            Routes.PATHS,
            HostNames.of(choices.host, choices.isLoopback(), choices.hostNames));
    this.batcher =
        new Batcher(
            choices.classifier,
            choices.batchSize,
            limits.pixels(),
            choices.batchWait,
            choices.workers,
            metrics);
    this.heatMaps = Executors.newSingleThreadExecutor(FaceService::daemon);
    try {
      Routes routes =
          new Routes(
              choices.classifier,
              limits,
              places,
              batcher,
              heatMaps,
              gate,
              metrics,
              ModelJson.of(choices.classifier, choices.models, limits));
      this.server = Javalin.create(config -> configure(config, choices, routes));
      server.start();
    } catch (UncheckedIOException e) {
      closeParts();
      metrics.close();
      throw new InvalidArgumentException(
          Problem.of("port", choices.port, "a port that is free on " + choices.host), e);
    } catch (IOException | RuntimeException e) {
      closeParts();
      metrics.close();
      throw e;
    }
    this.uri = URI.create("http://" + inUri(choices.host) + ":" + server.port() + "/");
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "mask-heat-map");
    thread.setDaemon(true);
    return thread;
  }

  private void configure(JavalinConfig config, Builder choices, Routes routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.generateEtags = false;
    config.http.prefer405over404 = true;
    config.http.defaultContentType = "application/json";
    config.jetty.threadPool = threads(choices);
    config.jetty.modifyServer(
        jetty -> {
          jetty.setHandler(gate);
          jetty.setErrorHandler(new Gate.Errors());
          jetty.addBean(new NetworkConnectionLimit(choices.connections, jetty));
        });
    config.jetty.addConnector((jetty, unused) -> connector(jetty, choices));
    try {
      routes.addTo(config.routes);
    } catch (IOException e) {
      throw new IllegalStateException("the resources of the page are missing", e);
    }
  }

  private static QueuedThreadPool threads(Builder choices) {
    QueuedThreadPool pool = new QueuedThreadPool(choices.requests + OTHER_THREADS, 8);
    pool.setName("mask-serve");
    pool.setDaemon(true);
    return pool;
  }

  private static ServerConnector connector(Server jetty, Builder choices) {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    connector.setHost(choices.host);
    connector.setPort(choices.port);
    connector.setIdleTimeout(choices.bodyTime.toMillis());
    try {
      // Bound here, a port that is taken is an error and not a line of the log.
      connector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return connector;
  }

  private static String inUri(String host) {
    return InetAddresses.isInetAddress(host)
        ? InetAddresses.toUriString(InetAddresses.forString(host))
        : host;
  }

  /**
   * Returns a builder of a service.
   *
   * @param classifier classifies the photos; the caller closes it after the service. Its options
   *     choose which faces are answered, and which attributes are unsure
   * @return a builder with the limits that {@code docs/serve.md} names, on the loopback interface
   */
  public static Builder builder(FaceClassifier classifier) {
    return new Builder(classifier);
  }

  /** Returns the address of the page. */
  public URI uri() {
    return uri;
  }

  /**
   * Stops the service: new requests are refused with status 503, those in work are answered. Those
   * that are not answered within {@link Builder#optStopTime} are cut off. Further calls wait for
   * the first and do nothing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    gate.shut();
    long until = System.nanoTime() + stopTime.toNanos();
    try {
      while (gate.inWork() > 0 && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeParts();
    server.stop();
    metrics.close();
  }

  private void closeParts() {
    batcher.close();
    heatMaps.shutdownNow();
  }

  /** Builder of {@link FaceService}. Not thread-safe. */
  public static final class Builder {
    private final FaceClassifier classifier;
    private Optional<Ensemble> models = Optional.empty();
    private String host = "127.0.0.1";
    private ImmutableList<String> hostNames = ImmutableList.of();
    private int port = 8080;
    private long bytes = 20 << 20;
    private long pixels = PhotoDecoder.DEFAULT_MAX_PIXELS;
    private int photos = 16;
    private int requests = 64;
    private int connections = 1000;
    private int batchSize = 16;
    private Duration batchWait = Duration.ofMillis(5);
    private int workers = 1;
    private Duration bodyTime = Duration.ofSeconds(30);
    private Duration stopTime = Duration.ofSeconds(8);

    private Builder(FaceClassifier classifier) {
      this.classifier = classifier;
    }

    private Limits limits() {
      // A quarter of the heap; the rest is for decoded photos.
      long memory = Math.max(bytes, Runtime.getRuntime().maxMemory() / 4);
      return new Limits(bytes, pixels, photos, requests, memory, bodyTime);
    }

    /** Sets the models whose cards {@code /v1/model} shows: those of the classifier. */
    public Builder optModels(Ensemble value) {
      models = Optional.of(value);
      return this;
    }

    /**
     * Sets the interface to listen on; {@code 127.0.0.1} by default.
     *
     * @param value a name or an address of this host; {@code 0.0.0.0} for all
     * @return this builder
     */
    public Builder optHost(String value) {
      host = value;
      return this;
    }

    /**
     * Sets the names under which the service is reached, besides {@code localhost}, addresses and
     * the name of {@link #optHost}. Requests that name another host are refused, so no web page can
     * reach the service by a name of its own that it points to this machine. By default there are
     * none on the loopback interface, and all names are accepted on others.
     *
     * @param value the names, for instance of a proxy that passes them on
     * @return this builder
     */
    public Builder optHostNames(Collection<String> value) {
      hostNames = ImmutableList.copyOf(value);
      return this;
    }

    /**
     * Sets the port; 8080 by default.
     *
     * @param value 1 to 65535, or 0 for any free one
     * @return this builder
     */
    public Builder optPort(int value) {
      check(value >= 0 && value <= 65_535, "port", value, "0 to 65535");
      port = value;
      return this;
    }

    /**
     * Sets the longest body of a request in bytes; 20 MiB by default. Longer ones are refused with
     * status 413, as soon as they are too long.
     *
     * @param value 1 or more, below 1 GiB
     * @return this builder
     */
    public Builder optMaxBytes(long value) {
      check(value >= 1 && value < 1 << 30, "maxBytes", value, "1 to " + ((1 << 30) - 1));
      bytes = value;
      return this;
    }

    /**
     * Sets the most pixels of a photo; 50 million by default. Larger photos are refused by their
     * header.
     *
     * @param value 1 to 50 million
     * @return this builder
     */
    public Builder optMaxPixels(long value) {
      check(
          value >= 1 && value <= PhotoDecoder.DEFAULT_MAX_PIXELS,
          "maxPixels",
          value,
          "1 to " + PhotoDecoder.DEFAULT_MAX_PIXELS);
      pixels = value;
      return this;
    }

    /**
     * Sets the most photos of a request; 16 by default.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder optMaxPhotos(int value) {
      check(value >= 1, "maxPhotos", value, "1 or more");
      photos = value;
      return this;
    }

    /**
     * Sets how many requests may be read, wait or be classified at once; 64 by default. Further
     * ones are refused with status 429. Each has a thread.
     *
     * @param value 1 to 1000
     * @return this builder
     */
    public Builder optQueue(int value) {
      check(value >= 1 && value <= 1000, "queue", value, "1 to 1000");
      requests = value;
      return this;
    }

    /**
     * Sets how many connections may be open; 1,000 by default. Further ones wait until one is
     * closed; idle ones are closed after {@link #optBodyTime}.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder optConnections(int value) {
      check(value >= 1, "connections", value, "1 or more");
      connections = value;
      return this;
    }

    /**
     * Sets the most photos of a batch; 16 by default. Its photos together have no more than {@link
     * #optMaxPixels} pixels, which limits the memory of a batch. With 1, answers are those of
     * {@link FaceClassifier#classifyFaces(byte[])} to the last bit; in larger batches,
     * probabilities differ by the rounding of the network's sums.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder optBatchSize(int value) {
      check(value >= 1, "batchSize", value, "1 or more");
      batchSize = value;
      return this;
    }

    /**
     * Sets how long the first photo of a batch waits for others; 5 milliseconds by default.
     *
     * @param value 0 to 10 seconds
     * @return this builder
     */
    public Builder optBatchWait(Duration value) {
      check(
          !value.isNegative() && value.compareTo(Duration.ofSeconds(10)) <= 0,
          "batchWait",
          value,
          "0 to 10 seconds");
      batchWait = value;
      return this;
    }

    /**
     * Sets how many batches are classified at once; 1 by default.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder optWorkers(int value) {
      check(value >= 1, "workers", value, "1 or more");
      workers = value;
      return this;
    }

    /**
     * Sets how long a body may take to arrive, and how long a connection may be idle; 30 seconds by
     * default. Slower bodies are refused with status 408.
     *
     * @param value above 0
     * @return this builder
     */
    public Builder optBodyTime(Duration value) {
      check(!value.isNegative() && !value.isZero(), "bodyTime", value, "above 0");
      bodyTime = value;
      return this;
    }

    /**
     * Sets how long {@link FaceService#close} waits for the requests in work; 8 seconds by default.
     *
     * @param value 0 or more
     * @return this builder
     */
    public Builder optStopTime(Duration value) {
      check(!value.isNegative(), "stopTime", value, "0 or more");
      stopTime = value;
      return this;
    }

    /** Returns whether the host is reached from this machine alone. */
    public boolean isLoopback() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }

    /**
     * Starts the service.
     *
     * @return the service, which the caller closes
     * @throws IllegalArgumentException if the port or the host cannot be used
     * @throws IOException if the face detector's network cannot be read
     */
    public FaceService start() throws IOException {
      try {
        InetAddress.getByName(host);
      } catch (UnknownHostException e) {
        throw new InvalidArgumentException(
            Problem.of("host", host, "a name or an address of this machine"), e);
      }
      return new FaceService(this);
    }
  }
}
