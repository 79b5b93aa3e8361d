package io.github.facemask.cli.options;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.problem.Problem;
import io.github.facemask.trace.TraceNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remedies in terms of the command line. The library's remedies are for programs. */
public final class CommandWords {

  private static final ImmutableMap<String, String> REMEDIES =
      ImmutableMap.<String, String>builder()
          .put("acceptedLicence", "accept it with --accept-licence, or choose other weights")
          .put("auditMark", "run 'mask audit-crops' again")
          .put(
              "cropTable",
              "run 'mask audit-crops' and look at its page, or go on with --unaudited-crops")
          .put(
              "fittingPredictions",
              "give those of 'mask evaluate --predictions' with --out-of-fold, or name a folder of"
                  + " 'mask cross-validate'")
          .put("foldFolders", "name a folder that 'mask cross-validate' wrote")
          .put("keptEpochs", "train with --keep-best 2 or more")
          .put(
              "matchedShare",
              "choose the architecture that the file was made for, or accept less with"
                  + " --least-matched")
          .put("modelAnswer", "try --precision FLOAT32, or train it again with a lower --lr")
          .put(
              "photoFolders",
              "rename the folders, give their words with --label-map, or list the photos in a table"
                  + " for --data")
          .put(
              "photoNames",
              "if the names have the labels, say how with --file-pattern, for instance utkface;"
                  + " otherwise sort the photos into folders, or list them in a table for --data")
          .put("photoTables", "name the table with --data")
          .put("predictingRuns", "make the table with 'mask predict'")
          .put("programPrecision", "export it with --precision FLOAT32")
          .put("programTarget", "export it with --precision FLOAT32 or --target PORTABLE")
          .put("pseudoLabelColumns", "make the file with 'mask pseudo-label'")
          .put("searchedFolders", "name the folder that holds it with --in")
          .put(
              "startingWeights",
              "train them with the same --weights and --seed, make an ensemble of them, or go on"
                  + " with --unlike-starts")
          .put("trainingLoss", "lower --lr, or limit the gradients with --clip")
          .put("trainingShares", "give the shares in its training with --training-prior FILE")
          .put("truth", "name labelled photos with --data")
          .put("validationLoss", "lower --lr, or limit the gradients with --clip")
          .buildOrThrow();

  private CommandWords() {}

  /** Returns a problem with the command's remedy, if there is one. */
  public static Problem of(Problem problem) {
    String remedy = REMEDIES.get(problem.what());
    return remedy == null ? problem : problem.withRemedy(remedy);
  }

  /** Returns a word as a POSIX shell reads it back. */
  public static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Returns a trace whose commands and remedies are in the form of the command line. */
  public static TraceNode of(TraceNode node) {
    Map<String, String> facts = new LinkedHashMap<>();
    node.facts()
        .forEach(
            (name, value) ->
                facts.put(name, name.equals(TraceNode.MADE_BY) ? "mask " + value : value));
    return new TraceNode(
        node.title(),
        facts,
        node.problems().stream().map(CommandWords::of).toList(),
        node.parts().stream().map(CommandWords::of).toList());
  }
}
