package io.github.facemask.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/**
 * Where the F1 of each class and the macro F1 of each attribute lie with 95 % confidence, by
 * drawing people anew. A draw that lacks a class says nothing about it.
 *
 * @param classes an interval for each class, at the index of its id; empty in judgements read from
 *     before there were any
 * @param attributes an interval for each attribute
 */
public record ScoreIntervals(
    ImmutableList<Interval> classes, ImmutableMap<Attribute, Interval> attributes) {

  static ScoreIntervals of(PersonBootstrap bootstrap) {
    ImmutableMap.Builder<Attribute, Interval> attributes = ImmutableMap.builder();
    for (Attribute attribute : Attribute.values()) {
      attributes.put(attribute, bootstrap.attribute(attribute));
    }
    return new ScoreIntervals(bootstrap.classes(), attributes.buildOrThrow());
  }
}
