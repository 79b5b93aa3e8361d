/**
 * Several models that answer as one, and never lose where they come from; start with {@link
 * io.github.facemask.ensemble.Ensemble}.
 */
package io.github.facemask.ensemble;
