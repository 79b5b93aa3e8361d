package io.github.facemask.cli.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.RunsPage;

/**
 * Copies runs to an MLflow server: each value of run.json as a parameter, the metrics of each epoch
 * as metrics. A run that the server already has is not changed. Not thread-safe.
 */
public final class MlflowExport implements AutoCloseable {

  /** The tag that names the run. */
  public static final String RUN_TAG = "facemask.run";

  /** The longest parameter value that all server versions store. */
  private static final int LONGEST_VALUE = 500;

  /** The largest number of values in one call. */
  private static final int LARGEST_BATCH = 100;

  private final MlflowClient client;
  private final String experimentId;

  private MlflowExport(MlflowClient client, String experimentId) {
    this.client = client;
    this.experimentId = experimentId;
  }

  /**
   * Connects to a server.
   *
   * @param uri its address, for instance {@code "http://localhost:5000"}
   * @param experiment the experiment's name; created if missing
   * @return the connection, which the caller closes
   * @throws IOException if no server answers
   */
  public static MlflowExport to(String uri, String experiment) throws IOException {
    MlflowClient client = new MlflowClient(uri);
    try {
      Optional<Experiment> known = client.getExperimentByName(experiment);
      String id =
          known.isPresent() ? known.get().getExperimentId() : client.createExperiment(experiment);
      return new MlflowExport(client, id);
    } catch (MlflowClientException e) {
      client.close();
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: no MLflow server answers (%s); expected the address of a running one",
              uri,
              reason(e)),
          e);
    }
  }

  /**
   * Copies a run.
   *
   * @param run the run
   * @return whether it was copied; false if the server already has it
   * @throws IOException if the run cannot be read or the server refuses it
   */
  public boolean export(RunFolder run) throws IOException {
    JsonNode record = RunJson.record(run);
    List<JsonNode> epochs = RunJson.metrics(run);
    try {
      if (has(run.id().value())) {
        return false;
      }
      long start = Instant.parse(record.path("started").asText()).toEpochMilli();
      RunInfo info =
          client.createRun(
              CreateRun.newBuilder()
                  .setExperimentId(experimentId)
                  .setStartTime(start)
                  .addTags(tag("mlflow.runName", run.id().value()))
                  .build());
      log(info.getRunId(), parameters(record), metrics(epochs, start));
      // The tag that identifies a copied run is set last, so a partial copy is repeated.
      client.setTag(info.getRunId(), RUN_TAG, run.id().value());
      client.setTerminated(info.getRunId());
      return true;
    } catch (MlflowClientException e) {
      throw new InvalidFileException(
          run.path(), Problem.saying("the MLflow server refuses it: " + reason(e)), e);
    }
  }

  private boolean has(String run) {
    RunsPage page =
        client.searchRuns(
            List.of(experimentId),
            "tags.`" + RUN_TAG + "` = '" + run + "'",
            ViewType.ACTIVE_ONLY,
            1);
    return !page.getItems().isEmpty();
  }

  private void log(String runId, List<Param> parameters, List<Metric> metrics) {
    for (int i = 0; i < parameters.size(); i += LARGEST_BATCH) {
      int end = Math.min(parameters.size(), i + LARGEST_BATCH);
      client.logBatch(runId, List.of(), parameters.subList(i, end), List.of());
    }
    for (int i = 0; i < metrics.size(); i += LARGEST_BATCH) {
      int end = Math.min(metrics.size(), i + LARGEST_BATCH);
      client.logBatch(runId, metrics.subList(i, end), List.of(), List.of());
    }
  }

  private static List<Param> parameters(JsonNode record) {
    List<Param> parameters = new ArrayList<>();
    for (Map.Entry<String, String> e : Difference.flatten(RunJson.values(record)).entrySet()) {
      // Servers allow letters, digits and _-. /: in names.
      String key = e.getKey().replaceAll("[^A-Za-z0-9_. /-]", "_");
      String value = e.getValue();
      parameters.add(
          Param.newBuilder()
              .setKey(key)
              .setValue(value.substring(0, Math.min(LONGEST_VALUE, value.length())))
              .build());
    }
    return parameters;
  }

  private static List<Metric> metrics(List<JsonNode> epochs, long start) {
    List<Metric> metrics = new ArrayList<>();
    double seconds = 0;
    for (JsonNode epoch : epochs) {
      seconds += epoch.at("/timing/trainingSeconds").asDouble();
      seconds += epoch.at("/timing/validationSeconds").asDouble();
      for (Map.Entry<String, JsonNode> e : epoch.properties()) {
        if (e.getValue().isNumber() && !e.getKey().equals("epoch")) {
          metrics.add(
              Metric.newBuilder()
                  .setKey(e.getKey())
                  .setValue(e.getValue().asDouble())
                  .setStep(epoch.path("epoch").asLong())
                  .setTimestamp(start + (long) (1000 * seconds))
                  .build());
        }
      }
    }
    return metrics;
  }

  private static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }

  private static String reason(MlflowClientException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  @Override
  public void close() {
    client.close();
  }
}
