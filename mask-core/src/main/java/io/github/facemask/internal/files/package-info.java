/**
 * Files and folders that are written whole or not at all, and read with a limit; start with {@link
 * io.github.facemask.internal.files.AtomicFile}. Not part of the public API.
 */
package io.github.facemask.internal.files;
