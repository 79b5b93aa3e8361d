package io.github.facemask.internal.program;

import com.google.common.collect.ImmutableList;

/**
 * Parameters that share a decay and a rate.
 *
 * @param names the parameters' dotted names
 * @param decays whether weight decay applies
 * @param rateScale what the learning rate is multiplied by
 */
public record ParameterGroup(ImmutableList<String> names, boolean decays, double rateScale) {}
