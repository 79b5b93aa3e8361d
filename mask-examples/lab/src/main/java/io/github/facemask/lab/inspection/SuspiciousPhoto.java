package io.github.facemask.lab.inspection;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.dataset.FacePhoto;

/**
 * A photo for manual review.
 *
 * @param photo the photo
 * @param oddities the reasons, one or more
 */
public record SuspiciousPhoto(FacePhoto photo, ImmutableSet<Oddity> oddities) {}
