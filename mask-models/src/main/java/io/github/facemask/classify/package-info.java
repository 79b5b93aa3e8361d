/**
 * A trained model behind one call; start with {@link io.github.facemask.classify.FaceClassifier}.
 */
package io.github.facemask.classify;
