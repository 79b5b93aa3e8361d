package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.prediction.PhotoClassifier.NonFiniteAnswerException;
import io.github.facemask.provenance.Digest;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/** One pass over the photos for all members with the same input. */
final class SharedPass implements AutoCloseable {

  private final List<Member> members;
  private final Map<Digest, PhotoClassifier> models = new LinkedHashMap<>();

  private SharedPass(List<Member> members) {
    this.members = members;
  }

  static SharedPass open(List<Member> members, Device device, Precision precision)
      throws IOException {
    SharedPass pass = new SharedPass(members);
    try {
      for (Member member : members) {
        Digest digest = member.model().weightsDigest();
        if (!pass.models.containsKey(digest)) {
          pass.models.put(digest, MemberLoader.load(member.model(), device, precision));
        }
      }
      return pass;
    } catch (IOException | RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  /** The answers of a member: 18 probabilities, and the age of a model that answers it. */
  static int columns(Member member) {
    return FaceClass.COUNT + (member.model().answersYears() ? 1 : 0);
  }

  /** The {@link #columns} of each photo, one photo after the other, for each member. */
  List<float[]> classify(BatchSource source, IntConsumer progress) throws IOException {
    int photos = source.photos().size();
    List<float[]> rows = new ArrayList<>();
    members.forEach(m -> rows.add(new float[Math.multiplyExact(photos, columns(m))]));
    BitSet shown = new BitSet(photos);
    int done = 0;
    NDManager owner = models.values().iterator().next().manager();
    try (NDManager scope = owner.newSubManager();
        BatchStream stream = source.open(scope, 0)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get()) {
          for (int m = 0; m < members.size(); m++) {
            classify(members.get(m), batch, rows.get(m));
          }
          batch.indices().forEach(shown::set);
          done += batch.size();
          progress.accept(done * members.size());
        }
      }
    }
    checkArgument(
        done == photos && shown.cardinality() == photos,
        "the source showed %s photos in one pass, expected each of its %s once; classify without a"
            + " sampler",
        done,
        photos);
    return rows;
  }

  private void classify(Member member, PhotoBatch batch, float[] rows) {
    NDArray seen = member.see(batch.pixels());
    try (NDArray result = models.get(member.model().weightsDigest()).classify(seen)) {
      float[] values = NonFiniteAnswerException.check(result.toFloatArray(), List.of());
      int columns = columns(member);
      for (int i = 0; i < batch.size(); i++) {
        int to = batch.indices().get(i) * columns;
        System.arraycopy(values, i * columns, rows, to, columns);
      }
    } finally {
      if (seen != batch.pixels()) {
        seen.close();
      }
    }
  }

  @Override
  public void close() {
    models.values().forEach(PhotoClassifier::close);
  }
}
