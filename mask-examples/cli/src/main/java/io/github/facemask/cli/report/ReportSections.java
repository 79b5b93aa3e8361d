package io.github.facemask.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.cli.model.EnsembleTable;
import io.github.facemask.combination.Diversity;
import io.github.facemask.combination.Vote.MemberGain;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.lab.gallery.Gallery;
import io.github.facemask.lab.gallery.LabelledPhoto;
import io.github.facemask.lab.gallery.Panel;
import io.github.facemask.lab.report.PhotoCard;
import io.github.facemask.lab.report.Section;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.random.RandomStream;
import io.github.facemask.trace.TraceNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Sections of the report that need more than an evaluation. */
final class ReportSections {

  private static final int MIXED = 6;

  private ReportSections() {}

  static List<Section> members(
      Ensemble ensemble, List<PredictionTable> each, Evaluation together, PhotoSet judges) {
    List<MemberGain> gains = MemberGain.of(ensemble.vote(), each, judges);
    List<List<String>> rows = new ArrayList<>();
    for (int m = 0; m < each.size(); m++) {
      Member member = ensemble.members().get(m);
      Evaluation alone = Evaluation.of(each.get(m), judges);
      rows.add(
          List.of(
              (m + 1) + "  " + member.model().origin().runId().value(),
              member.model().architecture(),
              member.model().weightsDigest().shortHex()
                  + (member.model().program().isPresent() ? ", exported" : ""),
              format("%.3f", ensemble.vote().shares().get(m)),
              format("%.3f", member.voter().temperature()),
              format("%.4f", alone.macroF1()),
              format("%.4f", alone.counts().accuracy()),
              gains.isEmpty() ? "-" : EnsembleTable.text(gains.get(m))));
    }
    rows.add(
        List.of(
            "together, " + ensemble.combination().displayName(),
            "",
            "",
            "",
            "",
            format("%.4f", together.macroF1()),
            format("%.4f", together.counts().accuracy()),
            ""));
    List<List<String>> pairs = new ArrayList<>();
    for (Diversity pair : Diversity.of(each, judges)) {
      pairs.add(
          List.of(
              (pair.first() + 1) + " and " + (pair.second() + 1),
              format("%.1f %%", 100 * pair.agreement()),
              Double.isNaN(pair.errorCorrelation())
                  ? "-"
                  : format("%.3f", pair.errorCorrelation())));
    }
    return List.of(
        new Section.Table(
            "Members",
            List.of(
                "run",
                "backbone",
                "weights",
                "vote",
                "temp.",
                "macro F1",
                "accuracy",
                "gain (95 % by person)"),
            rows),
        new Section.Table(
            "Similarity of the members",
            List.of("members", "same answers", "correlation of errors"),
            pairs));
  }

  /** Returns a section on the crops, and whether they were audited. */
  static Section crops(CropTable crops) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Shown to a person", crops.audited() ? "yes" : "no");
    facts.put("Digest", crops.digest().hex());
    crops
        .counts()
        .forEach(
            (rule, count) ->
                facts.put(
                    rule.name().toLowerCase(Locale.ROOT).replace('_', ' '), count + " photos"));
    return new Section.Facts("Crops", facts);
  }

  /**
   * Returns some training photos mixed as the run mixed them, with their soft labels.
   *
   * @param records the records of the runs; without a run that mixed there is no section
   */
  static List<Section> mixing(List<JsonNode> records, PhotoSet learners, long seed)
      throws IOException {
    Set<String> mixings = new LinkedHashSet<>();
    records.forEach(record -> addMixings(record.at("/batches/mixing"), mixings));
    if (mixings.isEmpty()) {
      return List.of();
    }
    List<LabelledPhoto> batch = batch(learners, seed);
    if (batch.size() < 2) {
      return List.of();
    }
    List<Pixels> shown = List.of(batch.get(0).pixels());
    List<Section> sections = new ArrayList<>();
    for (Panel panel :
        Gallery.builder(shown)
            .optBatch(batch)
            .optSide(112)
            .optDraws(1)
            .optSeed(seed)
            .build()
            .panels()) {
      if (mixings.contains(panel.title())) {
        List<PhotoCard> cards =
            panel.pictures().stream()
                .map(
                    picture ->
                        PhotoCard.ofImage(
                            PhotoEncoder.jpegDataUri(picture.pixels(), 85),
                            PhotoCard.Tone.PLAIN,
                            picture.caption()))
                .toList();
        String title =
            panel.title().substring(0, 1).toUpperCase(Locale.ROOT) + panel.title().substring(1);
        sections.add(new Section.Pictures(title + " on training photos", panel.note(), cards));
      }
    }
    return sections;
  }

  /** Adds the titles of the gallery's panels of the recorded mixings. */
  private static void addMixings(JsonNode mixing, Set<String> titles) {
    switch (mixing.path("name").asText()) {
      case "cutMix" -> titles.add("CutMix");
      case "mixUp" -> titles.add("MixUp");
      case "halfFace" -> titles.add("half face");
      case "oneOf" -> mixing.path("mixings").forEach(one -> addMixings(one, titles));
      default -> {}
    }
  }

  /** Returns some random photos; those that cannot be decoded are left out. */
  private static List<LabelledPhoto> batch(PhotoSet photos, long seed) throws IOException {
    int[] order = IntStream.range(0, photos.size()).toArray();
    RandomStream.of(seed, "report mixing").shuffle(order);
    List<LabelledPhoto> batch = new ArrayList<>();
    for (int i = 0; i < order.length && batch.size() < MIXED; i++) {
      FacePhoto photo = photos.get(order[i]);
      decoded(photo.photo().file())
          .ifPresent(pixels -> batch.add(new LabelledPhoto(pixels, photo.label())));
    }
    return batch;
  }

  private static Optional<Pixels> decoded(Path file) throws IOException {
    try {
      return Optional.of(PhotoDecoder.create().decode(file));
    } catch (UnreadablePhotoException e) {
      return Optional.empty();
    }
  }

  /** Returns the trace of the model as a tree. */
  static Section trace(TraceNode tree) {
    Map<String, String> facts = new LinkedHashMap<>();
    add(facts, tree, "1");
    return new Section.Facts("Trace", facts);
  }

  private static void add(Map<String, String> facts, TraceNode node, String number) {
    facts.put(number, node.title());
    node.facts().forEach((name, value) -> facts.put(number + "  " + name, value));
    for (int i = 0; i < node.problems().size(); i++) {
      facts.put(number + "  problem " + (i + 1), node.problems().get(i).message());
    }
    for (int i = 0; i < node.parts().size(); i++) {
      add(facts, node.parts().get(i), number + "." + (i + 1));
    }
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
