/**
 * Random numbers that do not depend on threads or resuming; see {@link
 * io.github.facemask.random.RandomStream}.
 */
package io.github.facemask.random;
