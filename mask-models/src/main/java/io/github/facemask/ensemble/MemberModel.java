package io.github.facemask.ensemble;

import ai.djl.Device;
import io.github.facemask.backbone.TrainedModel;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a member answers with: a trained model, or a program that was exported from one. */
public sealed interface MemberModel {

  /** Returns the folder. */
  Path path();

  /** Returns the file in the folder that says what it is. */
  Path card();

  /** Returns timm's name of the architecture, without tag. */
  String architecture();

  /** Returns what it expects of its photos. */
  Preprocessing preprocessing();

  /** Returns what it learned from. */
  ModelOrigin origin();

  /** Returns the SHA-256 of its weights file; of a program, of those it was exported from. */
  Digest weightsDigest();

  /** Returns the SHA-256 of the program, if it is an exported one. */
  Optional<Digest> program();

  /** Returns the trained model, unless it is an exported program, which has no weights to read. */
  Optional<ModelFolder> trained();

  /**
   * Loads it.
   *
   * @param device where to run it
   * @param precision with which numbers a model computes; a program does with its own
   * @return the network, which the caller closes
   * @throws IOException if it cannot be read, was changed, or is not written for the device
   */
  PhotoClassifier load(Device device, Precision precision) throws IOException;

  /** Returns a model as a member. */
  static MemberModel of(ModelFolder folder) {
    return new Trained(folder);
  }

  /** Returns an exported program as a member. */
  static MemberModel of(ExportedModel folder) {
    return new Exported(folder);
  }

  /**
   * A trained model, which runs in its deployed form.
   *
   * @param folder the model
   */
  record Trained(ModelFolder folder) implements MemberModel {

    @Override
    public Path path() {
      return folder.path();
    }

    @Override
    public Path card() {
      return path().resolve("model.json");
    }

    @Override
    public String architecture() {
      return folder.architecture();
    }

    @Override
    public Preprocessing preprocessing() {
      return folder.preprocessing();
    }

    @Override
    public ModelOrigin origin() {
      return folder.origin();
    }

    @Override
    public Digest weightsDigest() {
      return folder.weightsDigest();
    }

    @Override
    public Optional<Digest> program() {
      return Optional.empty();
    }

    @Override
    public Optional<ModelFolder> trained() {
      return Optional.of(folder);
    }

    @Override
    public PhotoClassifier load(Device device, Precision precision) throws IOException {
      return TrainedModel.open(path(), device, precision);
    }
  }

  /**
   * An exported program.
   *
   * @param folder the program
   */
  record Exported(ExportedModel folder) implements MemberModel {

    @Override
    public Path path() {
      return folder.path();
    }

    @Override
    public Path card() {
      return path().resolve(ExportedModel.CARD);
    }

    @Override
    public String architecture() {
      return folder.architecture();
    }

    @Override
    public Preprocessing preprocessing() {
      return folder.preprocessing();
    }

    @Override
    public ModelOrigin origin() {
      return folder.origin();
    }

    @Override
    public Digest weightsDigest() {
      return folder.weightsDigest();
    }

    @Override
    public Optional<Digest> program() {
      return Optional.of(folder.programDigest());
    }

    @Override
    public Optional<ModelFolder> trained() {
      return Optional.empty();
    }

    @Override
    public PhotoClassifier load(Device device, Precision precision) throws IOException {
      return folder.load(device);
    }
  }
}
