/**
 * Looking at crops before they are trained on; start with {@link
 * io.github.facemask.cropaudit.CropAudit}, which finds what is odd, and {@link
 * io.github.facemask.cropaudit.AuditPage}, on which a person decides.
 */
package io.github.facemask.cropaudit;
