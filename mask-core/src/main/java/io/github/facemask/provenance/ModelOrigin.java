package io.github.facemask.provenance;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * The run and the data that a model was trained on; stored beside its weights.
 *
 * @param runId the run that trained it
 * @param trainingData digest of the labelled photos that it was trained on
 * @param validationData digest of the labelled photos that its epoch was selected on
 * @param trainingPeople the people that it was trained on, so that it is not evaluated on them
 * @param epoch the epoch after which the weights were taken, from 1
 * @param shares the shares of the classes in its training; empty if they are not known
 */
public record ModelOrigin(
    RunId runId,
    Digest trainingData,
    Digest validationData,
    ImmutableList<String> trainingPeople,
    int epoch,
    Optional<Shares> shares) {

  /**
   * Makes the origin of a model without known shares.
   *
   * @param runId the run that trained it
   * @param trainingData digest of the labelled photos that it was trained on
   * @param validationData digest of the labelled photos that its epoch was selected on
   * @param trainingPeople the people that it was trained on
   * @param epoch the epoch after which the weights were taken, from 1
   */
  public ModelOrigin(
      RunId runId,
      Digest trainingData,
      Digest validationData,
      ImmutableList<String> trainingPeople,
      int epoch) {
    this(runId, trainingData, validationData, trainingPeople, epoch, Optional.empty());
  }

  /**
   * The shares of the 18 classes in a training, at the index of the class's number; each list sums
   * to 1.
   *
   * @param learnt the shares for which the model's answers hold: those of the batches of its epoch,
   *     changed by the loss's class weights or adjusted logits
   * @param natural the shares of the training photos, each once
   */
  public record Shares(ImmutableList<Double> learnt, ImmutableList<Double> natural) {}
}
