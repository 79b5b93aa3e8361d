package io.github.facemask.cli.options;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.EnsemblePredictor.CardBatches;
import io.github.facemask.ensemble.Member;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Predicts photos with progress bars. */
public final class Photos {

  private Photos() {}

  /** Predicts labelled photos, with one table for each member. */
  public static List<PredictionTable> predictEach(
      EnsemblePredictor predictor, ModelOptions options, PhotoSet photos) throws IOException {
    return predictEach(predictor, options, photos, Optional.empty());
  }

  /** Predicts labelled photos, with given crops for members that use face crops. */
  public static List<PredictionTable> predictEach(
      EnsemblePredictor predictor, ModelOptions options, PhotoSet photos, Optional<CropTable> crops)
      throws IOException {
    int total = photos.size() * predictor.ensemble().members().size();
    try (Progress cropping = Progress.of("crop", photos.size(), "photos");
        Progress progress = Progress.of("predict", total, "photos")) {
      CardBatches batches =
          CardBatches.of(photos)
              .withLoading(options.batch, Threads.orProcessors(options.threads))
              .withDetector(options.detector())
              .withDecoder(options.decoder)
              .withCrops(crops)
              .withProgress(cropping::to);
      return predictor.predictEach(batches::batches, Optional.of(photos.digest()), progress::to);
    }
  }

  /** Predicts photos without labels. */
  public static PredictionTable predict(
      EnsemblePredictor predictor, ModelOptions options, List<Photo> photos) throws IOException {
    return predictor.ensemble().combine(predictEach(predictor, options, photos));
  }

  /** Predicts photos without labels, with each member. */
  public static List<PredictionTable> predictEach(
      EnsemblePredictor predictor, ModelOptions options, List<Photo> photos) throws IOException {
    int total = photos.size() * predictor.ensemble().members().size();
    try (Progress cropping = Progress.of("crop", photos.size(), "photos");
        Progress progress = Progress.of("predict", total, "photos")) {
      CardBatches batches =
          CardBatches.of(photos)
              .withLoading(options.batch, Threads.orProcessors(options.threads))
              .withDetector(options.detector())
              .withDecoder(options.decoder)
              .withProgress(cropping::to);
      return predictor.predictEach(batches::batches, Optional.empty(), progress::to);
    }
  }

  /** Reads a file of crops for members that use face crops; empty without a file. */
  public static Optional<CropTable> crops(EnsemblePredictor predictor, PhotoSet photos, Path file)
      throws IOException {
    return file == null || !seesFaces(predictor.ensemble())
        ? Optional.empty()
        : Optional.of(Crops.read(file, photos));
  }

  /** Returns whether a member uses face crops. */
  public static boolean seesFaces(Ensemble ensemble) {
    return ensemble.members().stream().anyMatch(m -> m.model().faces().isPresent());
  }

  /** Warns of people who may be in training under another name of their set. */
  public static void warnOfRenamedPeople(Ensemble ensemble, PhotoSet judges, PrintWriter err) {
    Set<String> trained = new HashSet<>();
    for (Member member : ensemble.members()) {
      for (String person : member.model().origin().trainingPeople()) {
        trained.add(person);
        // The name of the set, if it has one.
        trained.add(person.substring(person.indexOf('/') + 1));
      }
    }
    List<String> seen =
        judges.stream()
            .filter(
                photo ->
                    trained.contains(photo.person())
                        || (!photo.set().isEmpty()
                            && trained.contains(
                                photo.person().substring(photo.set().length() + 1))))
            .map(FacePhoto::person)
            .distinct()
            .toList();
    if (!seen.isEmpty() && !sameSets(ensemble, judges)) {
      err.printf(
          "mask: warning: %d of these people may be in training under another name of their set,"
              + " for instance %s; name the sets of --data as in training%n",
          seen.size(), seen.get(0));
    }
  }

  /** Whether training named the sets as these photos do, so that the people can be compared. */
  private static boolean sameSets(Ensemble ensemble, PhotoSet judges) {
    for (Member member : ensemble.members()) {
      List<String> people = member.model().origin().trainingPeople();
      for (String set : judges.sets()) {
        if (!set.isEmpty() && people.stream().noneMatch(p -> p.startsWith(set + "/"))) {
          return false;
        }
        if (set.isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }
}
