/**
 * Photos in, probabilities out; start with {@link io.github.facemask.inference.PhotoClassifier}.
 */
package io.github.facemask.inference;
