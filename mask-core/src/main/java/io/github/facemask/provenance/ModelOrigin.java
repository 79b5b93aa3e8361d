package io.github.facemask.provenance;

import com.google.common.collect.ImmutableList;

/**
 * The run and the data that a model was trained on; stored beside its weights.
 *
 * @param runId the run that trained it
 * @param trainingData digest of the labelled photos that it was trained on
 * @param validationData digest of the labelled photos that its epoch was selected on
 * @param trainingPeople the people that it was trained on, so that it is not evaluated on them
 * @param epoch the epoch after which the weights were taken, from 1
 */
public record ModelOrigin(
    RunId runId,
    Digest trainingData,
    Digest validationData,
    ImmutableList<String> trainingPeople,
    int epoch) {}
