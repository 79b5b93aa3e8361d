package io.github.facemask.fuzz;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.curation.PseudoLabels;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.lab.synthetic.SyntheticTruth;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import io.github.facemask.submission.Submission.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Readers of data sets, and of tables about their photos. */
final class DataSetReaders extends ReaderGroup {

  DataSetReaders(Path folder) {
    super(folder);
  }

  @Override
  void add() throws IOException {
    dataSets();
    tablesOfPhotos();
  }

  private void dataSets() throws IOException {
    Path data = folder.resolve("data");
    writePhotos(data);
    readers.add(
        Reader.text(
                "table train.csv",
                data.resolve("train/train.csv"),
                file -> PstageFolder.read(data).digest())
            .withShare(0.1));
    readers.add(
        Reader.text(
            "table info.csv", data.resolve("eval/info.csv"), f -> EvaluationFolder.read(data)));
    Path truth = folder.resolve("truths");
    readers.add(
        Reader.text(
            "table truth.csv",
            write(
                "truths/truth.csv",
                "photo,class,age,face_x,face_y,face_width,face_height,other_x,other_y,other_width,"
                    + "other_height\n"
                    + "000000_male_Asian_41/normal.jpg,13,41,3,4,50,60,,,,\n"
                    + "000001_female_Asian_20/mask1.jpg,3,20,3,4,50,60,70,4,20,20\n"),
            f -> SyntheticTruth.read(truth)));
    Path fixes = folder.resolve("fixes.csv");
    LabelFixes.pstage().write(fixes);
    readers.add(Reader.text("label fixes", fixes, file -> LabelFixes.read(file).digest()));
  }

  private void tablesOfPhotos() throws IOException {
    List<FacePhoto> photos = new ArrayList<>();
    StringBuilder manifest = new StringBuilder("path,person,mask,gender,age\n");
    for (int i = 0; i < 6; i++) {
      Path photo = copy(IMAGES.resolve("q90.jpg"), "set/photo" + i + ".jpg");
      manifest.append("photo" + i + ".jpg,p" + i + ",worn,male,4" + i + "\n");
      photos.add(
          new FacePhoto(
              new Photo("photo" + i + ".jpg", photo), "p" + i, 40 + i, FaceClass.ofId(1)));
    }
    PhotoSet set = PhotoSet.of(photos);
    readers.add(
        Reader.text(
            "table of photos",
            write("set/photos.csv", manifest.toString()),
            file -> ManifestFile.read(file).digest()));
    partialTables();
    PredictionTable table = predictions(set);
    Path ages = folder.resolve("ages.csv");
    PredictionTable.Builder ofAges =
        PredictionTable.builder(
            table.origin().withAttributes(ImmutableSet.of(Attribute.AGE)).withYears(true));
    for (FacePhoto photo : set) {
      float[] row = new float[FaceClass.COUNT];
      Arrays.fill(row, 1f / FaceClass.COUNT);
      ofAges.add(new PredictionReader.Row(photo.photo().id(), row, 41.5f));
    }
    ofAges.build().write(ages);
    readers.add(Reader.text("predictions of ages", ages, DataSetReaders::allAnswers));
    Path predicted = folder.resolve("predictions.csv");
    table.write(predicted);
    readers.add(Reader.text("predictions", predicted, DataSetReaders::allAnswers));
    Path guesses = folder.resolve("set/guesses.csv");
    PseudoLabels.builder(set.photos(), table).optThreshold(0.5).build().write(guesses);
    readers.add(Reader.text("pseudo labels", guesses, file -> PseudoLabels.read(file).digest()));
    Path judged = folder.resolve("evaluation.json");
    Evaluation.of(table, set).write(judged);
    readers.add(Reader.text("evaluation", judged, DataSetReaders::allScores));
    Path digests = folder.resolve("photos.csv");
    PhotoListing.of(set, set.filter(photo -> false)).write(digests);
    readers.add(Reader.text("photo listing", digests, file -> PhotoListing.read(file).digest()));
    Path origin = folder.resolve("submission.csv.origin.json");
    new Origin(
            Digest.ofText("a"),
            6,
            Digest.ofText("b"),
            "runs/x",
            Optional.of(Digest.ofText("c")),
            table.origin(),
            ImmutableList.of("submit"),
            "abc")
        .write(origin);
    readers.add(Reader.text("submission's origin", origin, file -> Origin.read(file).source()));
  }

  /** Tables of photos that know some attributes, in the words of others. */
  private void partialTables() throws IOException {
    String[][] tables = {
      {"masks", "image;label\n", "photo%d.jpg;with_mask\n", "photo%d.jpg;mask_weared_incorrect\n"},
      {"ages", "file\tage\n", "./photo%d.jpg\t20-29\n", "photo%d.jpg\t(60, 100)\n"},
      {
        "numbers",
        "sep=,\npath,\"gender(0=male,1=female)\",person,split\n",
        "photo%d.jpg,0,p%1$d,train\n",
        "photo%d.jpg,1,p%1$d,val\n"
      },
    };
    for (String[] table : tables) {
      StringBuilder text = new StringBuilder(table[1]);
      for (int i = 0; i < 6; i++) {
        text.append(String.format(table[2 + i % 2], i));
      }
      readers.add(
          Reader.text(
              "table of " + table[0],
              write("set/" + table[0] + ".csv", text.toString()),
              file -> ManifestFile.read(file).digest()));
    }
    Path words = write("set/own.csv", "path,mask,age\nphoto0.jpg,yes,20-29\nphoto1.jpg,no,70\n");
    readers.add(
        Reader.text(
            "label map",
            write(
                "words.csv",
                """
                attribute,word,value
                mask,ja,worn
                mask,nein,not_worn
                age,jung,0-29
                age,alt,60+
                gender,?,unknown
                class,x,3
                """),
            file -> ManifestFile.builder(words).optLabelMap(file).build().read()));
  }

  private static PredictionTable predictions(PhotoSet set) {
    PredictionOrigin origin =
        new PredictionOrigin(
            List.of(Digest.ofText("m")), List.of("run"), Optional.of(set.digest()));
    PredictionTable.Builder table = PredictionTable.builder(origin);
    for (FacePhoto photo : set) {
      float[] row = new float[FaceClass.COUNT];
      row[1] = 0.75f;
      row[7] = 0.25f;
      table.add(photo.photo().id(), row);
    }
    return table.build();
  }

  private static void allAnswers(Path file) throws IOException {
    PredictionTable table = PredictionTable.read(file);
    for (int row = 0; row < table.size(); row++) {
      table.argmax(row);
    }
  }

  private static void allScores(Path file) throws IOException {
    Evaluation evaluation = Evaluation.read(file);
    evaluation.scores();
    for (Attribute attribute : Attribute.values()) {
      evaluation.scores(attribute);
    }
    evaluation.toJson();
  }
}
