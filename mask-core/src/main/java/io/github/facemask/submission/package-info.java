/**
 * The file that the competition judges; start with {@link
 * io.github.facemask.submission.Submission}.
 */
package io.github.facemask.submission;
