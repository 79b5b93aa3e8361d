/**
 * A trained model behind one call, from a photo in any form to the probabilities of 18 classes;
 * start with {@link io.github.facemask.classifier.FaceClassifier}.
 */
package io.github.facemask.classifier;
