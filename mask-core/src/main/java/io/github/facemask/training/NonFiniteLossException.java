package io.github.facemask.training;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** Thrown when the loss of a batch is NaN or infinite; the run stops. */
public final class NonFiniteLossException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient ImmutableList<String> photoIds;

  NonFiniteLossException(int epoch, int batch, double loss, List<String> photoIds) {
    super(
        "the loss is "
            + loss
            + " in epoch "
            + epoch
            + ", batch "
            + batch
            + "; lower the learning rate or limit the gradient norm; the batch's photos: "
            + String.join(", ", photoIds));
    this.photoIds = ImmutableList.copyOf(photoIds);
  }

  /** Returns the ids of the batch's photos. */
  public List<String> photoIds() {
    return photoIds;
  }
}
