/**
 * The page on which a person decides about doubtful labels; see {@link
 * io.github.facemask.lab.labelaudit.LabelAuditPage}.
 */
package io.github.facemask.lab.labelaudit;
