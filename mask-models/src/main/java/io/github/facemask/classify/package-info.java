/**
 * Classifies photos with a trained model; start with {@link
 * io.github.facemask.classify.FaceClassifier}.
 */
package io.github.facemask.classify;
