/**
 * Labels that trained models doubt, and labels that they guess; start with {@link
 * io.github.facemask.curation.LabelAudit} or {@link io.github.facemask.curation.PseudoLabels}.
 */
package io.github.facemask.curation;
