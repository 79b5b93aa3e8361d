package io.github.facemask.cli.model;

import io.github.facemask.combination.Diversity;
import io.github.facemask.combination.Vote.MemberGain;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Candidate;
import io.github.facemask.ensemble.Ensembler;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The gain of each member of an ensemble, as lines of text. */
public final class EnsembleTable {

  private EnsembleTable() {}

  static void print(PrintWriter to, Ensembler made, PhotoSet truth) {
    List<Candidate> chosen = made.chosen();
    List<PredictionTable> tables =
        chosen.stream().map(c -> c.predictions().orElseThrow().only(truth.photos())).toList();
    List<MemberGain> gains = MemberGain.of(made.vote(), tables, truth);
    to.printf(
        "%-44s %7s %7s %9s  %s%n",
        "member", "weight", "temp.", "macro F1", "gain (95 % by person)");
    for (int i = 0, at = 0; i < made.candidates().size(); i++) {
      Candidate candidate = made.candidates().get(i);
      if (made.weights().get(i) == 0) {
        to.printf(
            Locale.ROOT,
            "%-44s %7.3f %7s %9.4f  left out%n",
            candidate.name(),
            0.0,
            "-",
            score(candidate.predictions().orElseThrow(), truth).macroF1());
        continue;
      }
      to.printf(
          Locale.ROOT,
          "%-44s %7.3f %7.3f %9.4f  %s%n",
          candidate.name(),
          made.vote().shares().get(at),
          made.vote().voters().get(at).temperature(),
          score(tables.get(at), truth).macroF1(),
          gains.isEmpty() ? "-" : text(gains.get(at)));
      at++;
    }
    for (Diversity pair : Diversity.of(tables, truth)) {
      to.printf(
          Locale.ROOT,
          "  %s and %s: agree on %.1f %%, errors correlate %s%n",
          chosen.get(pair.first()).name(),
          chosen.get(pair.second()).name(),
          100 * pair.agreement(),
          Double.isNaN(pair.errorCorrelation())
              ? "not (one of them does not err)"
              : String.format(Locale.ROOT, "%.3f", pair.errorCorrelation()));
    }
    Evaluation together = score(made.vote().table(tables, PredictionOrigin.unknown()), truth);
    to.printf(
        Locale.ROOT,
        "together: %s (95 %% of draws of people: %.4f to %.4f) on %d photos of %d people%s%n",
        together.score(),
        together.macroF1Interval().low(),
        together.macroF1Interval().high(),
        together.photos(),
        together.people(),
        made.ensemble().fitting().isPresent() ? "; fitted to these, so evaluate it on others" : "");
  }

  private static Evaluation score(PredictionTable table, PhotoSet truth) {
    return Evaluation.of(table, truth);
  }

  public static String text(MemberGain gain) {
    return String.format(
        Locale.ROOT,
        "%+.4f (%+.4f to %+.4f)",
        gain.gain().difference(),
        gain.gain().interval().low(),
        gain.gain().interval().high());
  }
}
