/**
 * The competition's submission file; start with {@link io.github.facemask.submission.Submission}.
 */
package io.github.facemask.submission;
