/** A trained model in a folder; start with {@link io.github.facemask.model.ModelFolder}. */
package io.github.facemask.model;
