/**
 * Errors in arguments and files, as fields that a program can read; start with {@link
 * io.github.facemask.problem.Problem}.
 */
package io.github.facemask.problem;
