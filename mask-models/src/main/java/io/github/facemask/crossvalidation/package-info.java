/**
 * Cross-validation: one run for each fold, and out-of-fold predictions of every photo; start with
 * {@link io.github.facemask.crossvalidation.CrossValidation}.
 */
package io.github.facemask.crossvalidation;
