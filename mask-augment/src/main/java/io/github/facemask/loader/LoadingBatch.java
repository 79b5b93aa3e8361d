package io.github.facemask.loader;

import io.github.facemask.internal.batchtransform.PhotoPart;
import io.github.facemask.internal.batchtransform.PhotoPart.Size;
import io.github.facemask.mixing.Mixing.Plan;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A batch that is being filled; guarded by its stream's lock, except the buffer's content. */
final class LoadingBatch {

  final int number;
  final int firstPosition;
  final int size;
  final float[][] targets;

  /** The photos, or null until those for the device are packed. */
  ByteBuffer buffer;

  private final PhotoPart[] parts;
  private Plan plan = new Plan.Nothing();
  private int missing;
  private boolean complete;
  private Throwable failure;
  private int failedPosition = Integer.MAX_VALUE;

  private LoadingBatch(
      int number, int firstPosition, ByteBuffer buffer, float[][] targets, PhotoPart[] parts) {
    this.number = number;
    this.firstPosition = firstPosition;
    this.size = targets.length;
    this.buffer = buffer;
    this.targets = targets;
    this.parts = parts;
    this.missing = targets.length;
  }

  /** A batch that is transformed and mixed here. */
  static LoadingBatch ofBuffer(
      int number, int firstPosition, ByteBuffer buffer, float[][] targets) {
    return new LoadingBatch(number, firstPosition, buffer, targets, new PhotoPart[0]);
  }

  /** A batch that the device transforms and mixes. */
  static LoadingBatch ofParts(int number, int firstPosition, float[][] targets) {
    return new LoadingBatch(number, firstPosition, null, targets, new PhotoPart[targets.length]);
  }

  boolean isForDevice() {
    return parts.length > 0;
  }

  /** Each photo is written by one thread, and read after all are done. */
  void setPart(int position, PhotoPart part) {
    parts[position - firstPosition] = part;
  }

  List<PhotoPart> parts() {
    return Arrays.asList(parts);
  }

  /** Packs the photos, which the device then transforms and mixes by a plan. */
  void pack(BufferPool buffers, Plan mixing) {
    plan = mixing;
    Size place = Size.of(parts());
    buffer = buffers.take(size * place.bytes());
    PhotoPart.pack(parts(), place, buffer);
  }

  Plan plan() {
    return plan;
  }

  /** Records the failure of a photo; the one with the lowest position is kept. */
  void fail(int position, Throwable cause) {
    if (position < failedPosition) {
      failedPosition = position;
      failure = cause;
    }
  }

  /** Counts one photo as done, loaded or failed; returns whether it was the last. */
  boolean photoDone() {
    return --missing == 0;
  }

  void setComplete() {
    complete = true;
  }

  boolean isComplete() {
    return complete;
  }

  Throwable failure() {
    return failure;
  }

  int failedPosition() {
    return failedPosition;
  }
}
