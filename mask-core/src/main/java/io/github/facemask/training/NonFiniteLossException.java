package io.github.facemask.training;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Thrown when the loss of a batch, or of a validation, is NaN or infinite; the run stops. It can be
 * resumed from its last complete epoch.
 */
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

  /** A loss in validation; it has no photos. */
  NonFiniteLossException(int epoch, double loss) {
    super(
        "the validation loss is "
            + loss
            + " in epoch "
            + epoch
            + "; lower the learning rate or limit the gradient norm");
    this.photoIds = ImmutableList.of();
  }

  /** Returns the ids of the batch's photos; none for a loss in validation. */
  public List<String> photoIds() {
    return photoIds;
  }
}
