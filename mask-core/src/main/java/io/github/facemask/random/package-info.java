/**
 * Random numbers named by what they are for, so that threads and resumes cannot change them; see
 * {@link io.github.facemask.random.RandomStream}.
 */
package io.github.facemask.random;
