package io.github.facemask.ensemble;

import ai.djl.Device;
import io.github.facemask.backbone.TrainedModel;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.model.ModelCard;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.tensor.Precision;
import java.io.IOException;

/** Loads the network of a card. */
final class MemberLoader {

  private MemberLoader() {}

  /** Loads a trained model in a precision, or an exported program in its own. */
  static PhotoClassifier load(ModelCard card, Device device, Precision precision)
      throws IOException {
    return card instanceof ExportedModel exported
        ? exported.load(device)
        : TrainedModel.open(card.path(), device, precision);
  }
}
