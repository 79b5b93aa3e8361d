/**
 * The page for the review of doubtful labels; see {@link
 * io.github.facemask.lab.labelaudit.LabelAuditPage}.
 */
package io.github.facemask.lab.labelaudit;
