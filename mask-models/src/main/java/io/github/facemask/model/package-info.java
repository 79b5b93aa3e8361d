/**
 * The folder and the card of a trained model; start with {@link
 * io.github.facemask.model.ModelFolder}.
 */
package io.github.facemask.model;
