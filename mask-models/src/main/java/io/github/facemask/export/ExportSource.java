package io.github.facemask.export;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.combination.Voter;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.Exporter.Part;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.internal.cards.CardJson;
import io.github.facemask.internal.cards.CommonOrigin;
import io.github.facemask.internal.passes.NetworkGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.model.ModelCard;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is exported: a model, or several models and how they vote. Immutable.
 *
 * @param parts the models, at least one
 * @param vote how they vote, in the order of the parts
 */
record ExportSource(ImmutableList<Part> parts, Vote vote) {

  private static final ObjectMapper JSON = new ObjectMapper();

  ExportSource {
    Optional<FaceCropSettings> faces = parts.get(0).model().faces();
    for (Part part : parts) {
      checkArgument(
          part.model().faces().equals(faces),
          "%s sees other crops of the face than %s; one program expects members of one crop: export"
              + " each of them, and make an ensemble of the programs",
          part.model().path(),
          parts.get(0).model().path());
    }
  }

  static ExportSource of(ModelFolder model) {
    return new ExportSource(
        ImmutableList.of(new Part(model, View.WHOLE)),
        Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(1))));
  }

  /** Reads the networks and their weights; models that occur twice are read once. */
  NetworkGroup group() throws IOException {
    ImmutableList.Builder<NetworkGroup.Part> read = ImmutableList.builder();
    Map<Digest, Map<String, HostTensor>> weights = new HashMap<>();
    for (Part part : parts) {
      Digest digest = part.model().weightsDigest();
      if (!weights.containsKey(digest)) {
        weights.put(digest, part.model().weights());
      }
      read.add(
          new NetworkGroup.Part(
              Backbones.network(part.model()), weights.get(digest), part.view().mirrored()));
    }
    return new NetworkGroup(read.build(), vote);
  }

  /** Returns the first model: the only one, or one with the crop of all. */
  ModelFolder first() {
    return parts.get(0).model();
  }

  boolean isOfSeveral() {
    return parts.size() > 1;
  }

  /** Returns whether the answer is that of one model alone. */
  boolean isPlain() {
    return !isOfSeveral()
        && !parts.get(0).view().mirrored()
        && vote.combination() == Combination.SOFT_VOTE
        && vote.voters().get(0).temperature() == 1;
  }

  /**
   * Refuses scores of other models.
   *
   * @param evaluation an evaluation
   * @throws IllegalArgumentException if it is of other weights
   */
  void checkScores(Evaluation evaluation) {
    ImmutableSet<Digest> scored = ImmutableSet.copyOf(evaluation.origin().models());
    ImmutableSet<Digest> own =
        parts.stream()
            .map(part -> part.model().weightsDigest())
            .collect(ImmutableSet.toImmutableSet());
    checkArgument(
        scored.equals(own),
        "the evaluation is of the weights %s, expected those of the exported model, %s: evaluate"
            + " the model itself",
        shortened(scored),
        shortened(own));
  }

  private static String shortened(Set<Digest> digests) {
    return digests.stream().map(Digest::shortHex).collect(Collectors.joining(" and "));
  }

  String architecture() {
    return parts.stream()
        .map(part -> part.model().architecture())
        .distinct()
        .collect(Collectors.joining(" + "));
  }

  ImmutableSet<Attribute> attributes() {
    return vote.answered(parts.stream().map(part -> part.model().attributes()).toList());
  }

  boolean answersYears() {
    return vote.answersYears(parts.stream().map(part -> part.model().answersYears()).toList());
  }

  List<String> labels() {
    return FaceLabel.knowing(attributes()).stream().map(FaceLabel::displayName).toList();
  }

  Preprocessing preprocessing() {
    return first().preprocessing();
  }

  Optional<FaceCropSettings> faces() {
    return first().faces();
  }

  ModelOrigin origin() {
    return isOfSeveral()
        ? CommonOrigin.of(parts.stream().map(part -> part.model().origin()).toList(), "ensemble")
        : first().origin();
  }

  /** Returns the digest of the weights; of several models, a digest of their digests. */
  Digest weightsDigest() {
    return isOfSeveral()
        ? Digest.ofText(
            parts.stream()
                .map(part -> part.model().weightsDigest().hex())
                .collect(Collectors.joining("\n")))
        : first().weightsDigest();
  }

  /** Returns the members and their votes for a card, with what they were trained on. */
  ObjectNode toJson() {
    ObjectNode json = votes();
    for (int m = 0; m < parts.size(); m++) {
      ObjectNode member = (ObjectNode) json.get("members").get(m);
      member.set("origin", CardJson.of(parts.get(m).model().origin()));
    }
    return json;
  }

  /** Returns the members and their votes without the ids of people. */
  private ObjectNode votes() {
    ObjectNode json = JSON.createObjectNode().put("combination", vote.combination().displayName());
    ArrayNode members = json.putArray("members");
    for (int m = 0; m < parts.size(); m++) {
      ModelCard model = parts.get(m).model();
      Voter voter = vote.voters().get(m);
      ObjectNode member = members.addObject();
      member.put("architecture", model.architecture());
      member.put("runId", model.origin().runId().value());
      member.put("weightsSha256", model.weightsDigest().hex());
      member.put("share", vote.shares().get(m));
      member.put("temperature", voter.temperature());
      voter.attribute().ifPresent(a -> member.put("attribute", a.word()));
      member.put("mirrored", parts.get(m).view().mirrored());
    }
    return json;
  }

  /** Returns what an ONNX file says about itself, so that a program needs no other file. */
  ImmutableMap<String, String> metadata() throws IOException {
    ImmutableMap.Builder<String, String> all = ImmutableMap.builder();
    all.put("architecture", architecture());
    all.put("labels", JSON.writeValueAsString(labels()));
    all.put(
        "attributes", JSON.writeValueAsString(attributes().stream().map(Attribute::word).toList()));
    all.put("preprocessing", JSON.writeValueAsString(preprocessing()));
    if (faces().isPresent()) {
      all.put("faces", JSON.writeValueAsString(faces().get().toMap()));
    }
    if (!isPlain()) {
      all.put("ensemble", JSON.writeValueAsString(votes()));
    }
    all.put("weightsSha256", weightsDigest().hex());
    all.put("origin", JSON.writeValueAsString(published()));
    return all.buildOrThrow();
  }

  /** Returns the origin without the ids of people. */
  private ObjectNode published() {
    ObjectNode origin = CardJson.of(origin());
    origin.remove("trainingPeople");
    return origin;
  }
}
