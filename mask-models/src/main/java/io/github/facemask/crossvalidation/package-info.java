/**
 * A run for each fold, and predictions of every photo by a model that did not train on its person;
 * start with {@link io.github.facemask.crossvalidation.CrossValidation}.
 */
package io.github.facemask.crossvalidation;
