/**
 * Crops for manual review, and the page for it; start with {@link
 * io.github.facemask.lab.cropaudit.CropAudit}.
 */
package io.github.facemask.lab.cropaudit;
