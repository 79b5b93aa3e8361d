package io.github.facemask.serve;

import java.time.Duration;

/**
 * The limits of a service.
 *
 * @param bytes the longest body of a request
 * @param pixels the most pixels of a photo
 * @param photos the most photos of a request
 * @param requests the most requests that are read, wait or are classified at once
 * @param memory the most bytes that the bodies of all requests hold together
 * @param bodyTime how long a body may take to arrive
 */
record Limits(long bytes, long pixels, int photos, int requests, long memory, Duration bodyTime) {}
