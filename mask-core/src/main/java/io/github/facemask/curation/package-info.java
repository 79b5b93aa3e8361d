/**
 * Finds doubtful labels and makes pseudo-labels with trained models; start with {@link
 * io.github.facemask.curation.LabelAudit} or {@link io.github.facemask.curation.PseudoLabels}.
 */
package io.github.facemask.curation;
