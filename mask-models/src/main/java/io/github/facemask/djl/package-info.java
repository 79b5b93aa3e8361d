/**
 * Exported models for DJL's Criteria and Predictor; start with {@link
 * io.github.facemask.djl.FaceTranslator}.
 */
package io.github.facemask.djl;
