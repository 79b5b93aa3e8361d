package io.github.facemask.provenance;

import com.google.common.collect.ImmutableList;

/**
 * What a model learned from; stored beside its weights.
 *
 * @param runId the run that trained it
 * @param trainingData digest of the labelled photos that it learned from
 * @param validationData digest of those that chose it
 * @param trainingPeople the people that it learned from, so that nobody judges it on them
 * @param epoch the epoch after which the weights were taken, from 1
 */
public record ModelOrigin(
    RunId runId,
    Digest trainingData,
    Digest validationData,
    ImmutableList<String> trainingPeople,
    int epoch) {}
