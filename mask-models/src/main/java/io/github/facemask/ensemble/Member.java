package io.github.facemask.ensemble;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.facemask.combination.Voter;
import io.github.facemask.model.ModelCard;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.View;
import io.github.facemask.tensor.Precision;
import java.io.IOException;

/**
 * A model of an ensemble.
 *
 * @param model the model, or a program that was exported from one
 * @param voter its weight, temperature and, in an ensemble by attribute, the attribute that it
 *     predicts
 * @param view its view of photos
 */
public record Member(ModelCard model, Voter voter, View view) {

  /** Checks the view: a member gets a whole batch, which can be mirrored but not cropped. */
  public Member {
    check(
        view.equals(View.WHOLE) || view.equals(View.FLIPPED),
        "view",
        view,
        "View.WHOLE or View.FLIPPED");
  }

  /**
   * Makes a member with photos as they are.
   *
   * @param model the model
   * @param weight its share of the vote, above 0; shares are divided by their sum
   */
  public Member(ModelCard model, double weight) {
    this(model, voter(model, weight), View.WHOLE);
  }

  /** Returns the member's share of the vote, above 0, before it is divided by the sum. */
  public double weight() {
    return voter.weight();
  }

  /** Returns photos, uint8 (B, H, W, 3), in this member's view; owned by the same manager. */
  NDArray see(NDArray photos) {
    return view.mirrored() ? photos.flip(2) : photos;
  }

  /**
   * Loads the member's network.
   *
   * @param device the device to run it on
   * @param precision the precision to compute in; an exported program has its own
   * @return the network with the member's view; the caller closes it
   * @throws IOException if it cannot be read, was changed, or was not exported for the device
   */
  public PhotoClassifier load(Device device, Precision precision) throws IOException {
    return new MemberClassifier(MemberLoader.load(model, device, precision), this);
  }

  Member withVoter(Voter other) {
    return new Member(model, other, view);
  }

  private static Voter voter(ModelCard model, double weight) {
    try {
      return Voter.of(weight);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(model.path() + ": " + e.getMessage(), e);
    }
  }
}
