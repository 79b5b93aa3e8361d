package io.github.facemask.dataset;

/**
 * What a reader returns.
 *
 * @param photos the photos that could be read
 * @param report what was odd or wrong
 */
public record Reading(PhotoSet photos, ReadReport report) {}
