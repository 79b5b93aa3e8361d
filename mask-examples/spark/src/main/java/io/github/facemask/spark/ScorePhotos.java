package io.github.facemask.spark;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The Spark job that classifies the photos of a folder and writes a table. */
@Command(
    name = "score-photos",
    mixinStandardHelpOptions = true,
    description = "Classifies the photos of folders on Apache Spark.")
public final class ScorePhotos implements Callable<Integer> {

  /** The output format. */
  enum Format {
    PARQUET,
    CSV
  }

  @Spec CommandSpec spec;

  @Option(
      names = "--photos",
      required = true,
      paramLabel = "PATH",
      description = "Folder or pattern of photos, on any file system that Spark reads.")
  String photos;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model, run, ensemble or deployed program; at this path on every executor.")
  String model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description = "Folder of the answers; must not exist.")
  String out;

  @Option(
      names = "--format",
      defaultValue = "PARQUET",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Format format;

  @Option(names = "--faces", description = "A row for each face instead of one for each photo.")
  boolean faces;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Into how many parts the photos are dealt (default: as Spark reads them).")
  Integer partitions;

  @Option(
      names = "--pattern",
      defaultValue = "*.{jpg,jpeg,jpe,jfif,png,bmp,webp,JPG,JPEG,JPE,JFIF,PNG,BMP,WEBP}",
      paramLabel = "GLOB",
      description = "Names of photos below --photos (default: ${DEFAULT-VALUE}).")
  String pattern;

  /**
   * Runs the job.
   *
   * @param arguments as {@code --help} shows
   */
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new ScorePhotos());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler(
        (exception, line, parsed) -> {
          Throwable root = exception;
          while (root.getCause() != null) {
            root = root.getCause();
          }
          line.getErr().println("score-photos: " + root.getMessage());
          return 2;
        });
    return command;
  }

  @Override
  public Integer call() throws IOException {
    checkArgument(
        partitions == null || partitions >= 1,
        "--partitions is %s, expected 1 or more",
        partitions);
    try (SparkSession spark = SparkSession.builder().appName("facemask").getOrCreate()) {
      DataFrameReader reader =
          spark
              .read()
              .format("binaryFile")
              .option("recursiveFileLookup", true)
              .option("pathGlobFilter", pattern);
      Dataset<Row> files = reader.load(photos);
      Dataset<Row> dealt = partitions == null ? files : files.repartition(partitions);
      Dataset<Row> scores =
          faces ? PhotoScores.ofFaces(dealt, model) : PhotoScores.of(dealt, model);
      if (format == Format.CSV) {
        scores.write().mode(SaveMode.ErrorIfExists).option("header", true).csv(out);
      } else {
        scores.write().mode(SaveMode.ErrorIfExists).parquet(out);
      }
      Dataset<Row> written =
          format == Format.CSV
              ? spark.read().option("header", true).schema(scores.schema()).csv(out)
              : spark.read().parquet(out);
      spec.commandLine()
          .getOut()
          .printf(
              faces
                  ? "%s: %d faces, %d photos unreadable%n"
                  : "%s: %d photos, %d of them unreadable%n",
              out,
              faces ? written.filter("error is null").count() : written.count(),
              written.filter("error is not null").count());
    }
    return 0;
  }
}
