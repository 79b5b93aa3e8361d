package io.github.facemask.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Collection;

/** What the service counts. Thread-safe. */
final class ServiceMetrics implements AutoCloseable {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Duration[] LATENCIES = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final DistributionSummary batches =
      DistributionSummary.builder("mask.batch.photos")
          .description("Photos that were classified in one batch")
          .serviceLevelObjectives(1, 2, 4, 8, 16, 32)
          .register(registry);
  private final DistributionSummary faces =
      DistributionSummary.builder("mask.photo.faces")
          .description("Faces that were found in a photo")
          .serviceLevelObjectives(0.5, 1, 2, 4, 8, 16, 32)
          .register(registry);
  private final Counter unreadable =
      Counter.builder("mask.photos.unreadable")
          .description("Photos that could not be read")
          .register(registry);

  ServiceMetrics(Places places) {
    Gauge.builder("mask.requests.in.work", places, Places::taken)
        .description("Requests that are read, wait or are classified")
        .register(registry);
    Gauge.builder("mask.bodies.bytes", places, Places::held)
        .description("Bytes of the bodies of requests in work")
        .baseUnit("bytes")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /** Watches the length of a queue. */
  void queue(Collection<?> queue) {
    Gauge.builder("mask.queue.photos", queue, Collection::size)
        .description("Photos that wait for a batch")
        .register(registry);
  }

  /** Counts a request. */
  void request(String route, String method, int status, Duration took) {
    Timer.builder("mask.requests")
        .description("Requests by route and status, with their time")
        .tags("route", route, "method", method, "status", Integer.toString(status))
        .serviceLevelObjectives(LATENCIES)
        .register(registry)
        .record(took);
  }

  /** Counts a batch. */
  void batch(int photos) {
    batches.record(photos);
  }

  /** Counts a photo that was read. */
  void photo(int found) {
    faces.record(found);
  }

  /** Counts a photo that could not be read. */
  void unreadablePhoto() {
    unreadable.increment();
  }

  /** Counts a request that was refused. */
  void refused(RequestProblem.Kind kind) {
    Counter.builder("mask.requests.rejected")
        .description("Requests that were refused, by the kind of the problem")
        .tag("problem", kind.word())
        .register(registry)
        .increment();
  }

  /** Returns all values as Prometheus reads them. */
  String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
