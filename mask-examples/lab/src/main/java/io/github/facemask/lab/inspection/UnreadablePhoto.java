package io.github.facemask.lab.inspection;

import io.github.facemask.dataset.FacePhoto;

/**
 * A photo that cannot be decoded.
 *
 * @param photo the photo
 * @param reason the reason
 */
public record UnreadablePhoto(FacePhoto photo, String reason) {}
