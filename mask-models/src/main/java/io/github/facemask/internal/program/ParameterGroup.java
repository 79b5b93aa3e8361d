package io.github.facemask.internal.program;

import com.google.common.collect.ImmutableList;

/**
 * Parameters with the same weight decay and learning rate.
 *
 * @param names the parameters' dotted names
 * @param decays whether weight decay applies
 * @param rateScale the factor of the learning rate
 */
public record ParameterGroup(ImmutableList<String> names, boolean decays, double rateScale) {}
