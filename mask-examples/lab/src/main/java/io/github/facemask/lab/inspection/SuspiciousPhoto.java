package io.github.facemask.lab.inspection;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.dataset.FacePhoto;

/**
 * A photo that a person should look at.
 *
 * @param photo the photo
 * @param oddities what is odd about it, one or more
 */
public record SuspiciousPhoto(FacePhoto photo, ImmutableSet<Oddity> oddities) {}
