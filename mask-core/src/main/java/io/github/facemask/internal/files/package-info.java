/**
 * Files and folders that are written atomically and read with a size limit; start with {@link
 * io.github.facemask.internal.files.AtomicFile}. Not part of the public API.
 */
package io.github.facemask.internal.files;
