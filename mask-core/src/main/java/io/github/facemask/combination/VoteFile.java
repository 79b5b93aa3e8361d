package io.github.facemask.combination;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionWriter;
import io.github.facemask.prediction.Prior;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A vote over files of predictions. Holds one row of each file in memory at a time. */
final class VoteFile implements AutoCloseable {

  private final Vote vote;
  private final List<Path> files;
  private final List<PredictionReader> readers = new ArrayList<>();

  private VoteFile(Vote vote, List<Path> files) {
    this.vote = vote;
    this.files = files;
  }

  static void write(Vote vote, List<Path> files, Path to) throws IOException {
    checkArgument(
        files.size() == vote.voters().size(),
        "%s files for %s members, expected one for each",
        files.size(),
        vote.voters().size());
    try (VoteFile open = new VoteFile(vote, files)) {
      for (Path file : files) {
        open.readers.add(PredictionReader.open(file));
      }
      PredictionWriter.write(to, open.origin(), open::combine);
    }
  }

  private void combine(PredictionWriter writer) throws IOException {
    for (int row = 1; ; row++) {
      Optional<Row> first = readers.get(0).next();
      List<float[]> rows = new ArrayList<>();
      List<Float> years = new ArrayList<>();
      for (int m = 0; m < readers.size(); m++) {
        Optional<Row> next = m == 0 ? first : readers.get(m).next();
        String expected = first.map(Row::id).orElse("no more photos");
        String found = next.map(Row::id).orElse("no more photos");
        if (!expected.equals(found)) {
          throw new InvalidFileException(
              files.get(m),
              Problem.saying(
                      "row " + row + " is of " + found + ", in " + files.get(0) + " of " + expected)
                  .withRemedy("predict the same photos in the same order"));
        }
        next.ifPresent(r -> rows.add(r.probabilities()));
        next.ifPresent(r -> years.add(r.years()));
      }
      if (first.isEmpty()) {
        return;
      }
      writer.add(new Row(first.get().id(), vote.row(rows), vote.years(years)));
    }
  }

  /** The models and runs of all files, and the data if it is the same for all. */
  private PredictionOrigin origin() {
    Set<Digest> models = new LinkedHashSet<>();
    Set<String> runs = new LinkedHashSet<>();
    Map<Digest, Digest> programs = new LinkedHashMap<>();
    Set<Optional<Digest>> data = new LinkedHashSet<>();
    Optional<Prior> prior = readers.get(0).origin().prior();
    checkArgument(
        readers.stream().allMatch(r -> r.origin().prior().equals(prior)),
        "the files were corrected for different shares of the labels, expected the same for all");
    checkArgument(
        prior.isEmpty() || vote.voters().stream().allMatch(v -> v.temperature() == 1),
        "the files were corrected for other shares of the labels, expected the models' own answers"
            + " for a vote with temperatures");
    for (PredictionReader reader : readers) {
      models.addAll(reader.origin().models());
      runs.addAll(reader.origin().runs());
      programs.putAll(reader.origin().programs());
      data.add(reader.origin().data());
    }
    return new PredictionOrigin(
            List.copyOf(models),
            List.copyOf(runs),
            data.size() == 1 ? data.iterator().next() : Optional.empty())
        .withPrograms(programs)
        .withPrior(prior)
        .withAttributes(vote.answered(readers.stream().map(r -> r.origin().attributes()).toList()))
        .withYears(vote.answersYears(readers.stream().map(r -> r.origin().years()).toList()));
  }

  @Override
  public void close() throws IOException {
    for (PredictionReader reader : readers) {
      reader.close();
    }
  }
}
