/**
 * What is wrong with an argument or a file, as fields that a program can read; start with {@link
 * io.github.facemask.problem.Problem}.
 */
package io.github.facemask.problem;
