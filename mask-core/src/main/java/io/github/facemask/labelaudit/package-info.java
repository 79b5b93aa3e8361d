/**
 * Labels that trained models doubt, for a person to decide on; start with {@link
 * io.github.facemask.labelaudit.LabelAudit}, and show it with {@link
 * io.github.facemask.labelaudit.LabelAuditPage}.
 */
package io.github.facemask.labelaudit;
