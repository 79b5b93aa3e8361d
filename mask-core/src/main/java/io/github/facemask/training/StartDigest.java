package io.github.facemask.training;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.facemask.provenance.Digest;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** The digest of the tensors that a run starts from, including a new head. */
final class StartDigest {

  private StartDigest() {}

  /** Returns the digest; it is equal for all runs that start from the same values. */
  static Digest of(TrainableModel model) {
    Hasher hasher = Hashing.sha256().newHasher();
    new TreeMap<>(model.weights())
        .forEach(
            (name, tensor) -> {
              hasher.putString(name, StandardCharsets.UTF_8);
              hasher.putBytes(tensor.bytes());
            });
    return new Digest(hasher.hash().toString());
  }
}
