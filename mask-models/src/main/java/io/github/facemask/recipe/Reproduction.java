package io.github.facemask.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares two runs: parameters, metrics of each epoch and weights.
 *
 * @param first a run
 * @param second a run that should equal it
 * @param difference a description of the first difference; empty if there is none
 */
public record Reproduction(RunFolder first, RunFolder second, Optional<String> difference) {

  /**
   * Compares two runs.
   *
   * @param first a run's folder
   * @param second another's
   * @return the comparison
   * @throws IOException if one cannot be read
   */
  public static Reproduction of(Path first, Path second) throws IOException {
    RunFolder one = RunFolder.open(first);
    RunFolder other = RunFolder.open(second);
    return new Reproduction(one, other, difference(one, other));
  }

  private static Optional<String> difference(RunFolder first, RunFolder second) throws IOException {
    List<Difference> choices = Difference.between(first.record(), second.record());
    if (!choices.isEmpty()) {
      Difference choice = choices.get(0);
      return Optional.of(choice.key() + " was " + choice.first() + ", is " + choice.second());
    }
    List<JsonNode> were = RunJson.metrics(first);
    List<JsonNode> are = RunJson.metrics(second);
    List<Integer> used = threads(were);
    List<Integer> uses = threads(are);
    for (int i = 0; i < Math.min(were.size(), are.size()); i++) {
      ((ObjectNode) were.get(i)).remove("timing");
      ((ObjectNode) are.get(i)).remove("timing");
      for (Map.Entry<String, JsonNode> value : were.get(i).properties()) {
        JsonNode is = are.get(i).path(value.getKey());
        if (!value.getValue().equals(is)) {
          return Optional.of(
              value.getKey()
                  + " of epoch "
                  + (i + 1)
                  + " was "
                  + value.getValue()
                  + ", is "
                  + is
                  + threads(used.get(i), uses.get(i)));
        }
      }
    }
    if (were.size() != are.size()) {
      return Optional.of("there were " + were.size() + " epochs, there are " + are.size());
    }
    Digest was = Digest.ofFile(ModelFolder.open(first.model()).weightsFile());
    Digest is = Digest.ofFile(ModelFolder.open(second.model()).weightsFile());
    return was.equals(is)
        ? Optional.empty()
        : Optional.of("the weights were " + was.shortHex() + ", are " + is.shortHex());
  }

  private static List<Integer> threads(List<JsonNode> epochs) {
    return epochs.stream().map(epoch -> epoch.at("/timing/threads").asInt()).toList();
  }

  /** Another number of threads rounds sums otherwise. */
  private static String threads(int first, int second) {
    return first == 0 || first == second
        ? ""
        : "; it was computed with " + first + " threads, now with " + second;
  }
}
