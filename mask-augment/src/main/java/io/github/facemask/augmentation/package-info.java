/**
 * What training does to photos, as one value that is read from a list of names and parameters;
 * start with {@link io.github.facemask.augmentation.Augmentation}.
 */
package io.github.facemask.augmentation;
