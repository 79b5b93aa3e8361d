/**
 * Ensembles: several models whose predictions or weights are combined; start with {@link
 * io.github.facemask.ensemble.Ensemble}.
 */
package io.github.facemask.ensemble;
