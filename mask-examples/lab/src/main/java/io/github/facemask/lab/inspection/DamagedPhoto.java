package io.github.facemask.lab.inspection;

import io.github.facemask.dataset.FacePhoto;

/**
 * A photo that can be decoded, but has lost data: parts of it are grey or wrong.
 *
 * @param photo the photo
 * @param reason what is wrong with its data
 */
public record DamagedPhoto(FacePhoto photo, String reason) {}
