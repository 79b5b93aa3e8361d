package io.github.facemask.cli.predict;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.cli.options.OneLine;
import io.github.facemask.image.Box;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;

/** How answers are written. Each photo is written as soon as it is answered. */
enum AnswerFormat {
  /** For people: a line a photo, and a line a face if each face was asked for. */
  TEXT {
    @Override
    void write(PhotoAnswer answer, Appendable to) throws IOException {
      if (answer.isBad()) {
        return; // told at the end
      }
      List<PhotoAnswer.Subject> faces = answer.faces();
      String name = OneLine.name(answer.photo());
      if (!answer.each()) {
        to.append(name + ": " + line(faces.get(0)) + "\n");
        return;
      }
      String count = faces.size() == 1 ? "1 face" : faces.size() + " faces";
      to.append(name + ": " + (faces.isEmpty() ? "no face" : count) + "\n");
      for (int i = 0; i < faces.size(); i++) {
        Box box = faces.get(i).box().orElseThrow();
        to.append(
            String.format(
                Locale.ROOT,
                "  %d: %s, at %.0f,%.0f, %.0f x %.0f, score %.2f%n",
                i + 1,
                line(faces.get(i)),
                box.left(),
                box.top(),
                box.width(),
                box.height(),
                faces.get(i).score().orElse(0)));
      }
    }

    private String line(PhotoAnswer.Subject face) {
      FaceLabel answer = face.prediction().answer();
      Optional<FaceClass> known = answer.faceClass();
      String probability =
          answer.known().isEmpty()
              ? ""
              : String.format(
                  Locale.ROOT,
                  " (%s%.1f %%)",
                  known.isPresent() ? "class " + known.get().id() + ", " : "",
                  100 * face.prediction().probability(answer));
      String years =
          face.prediction().years().isPresent()
              ? String.format(Locale.ROOT, ", %.0f years", face.prediction().years().getAsDouble())
              : "";
      return face.words()
          + probability
          + years
          + (face.fallback() ? "; no face found, seen is the middle of the photo" : "");
    }
  },

  /** A JSON object on a line for each photo. */
  JSON {
    @Override
    void write(PhotoAnswer answer, Appendable to) throws IOException {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("photo", answer.photo());
      if (answer.isBad()) {
        json.put("error", answer.error());
      } else if (answer.each()) {
        json.put("faces", answer.faces().stream().map(this::values).toList());
      } else {
        json.putAll(values(answer.faces().get(0)));
      }
      to.append(MAPPER.writeValueAsString(json)).append('\n');
    }

    private Map<String, Object> values(PhotoAnswer.Subject face) {
      Map<String, Object> json = new LinkedHashMap<>();
      FaceLabel answer = face.prediction().answer();
      json.put("label", face.words());
      answer.faceClass().ifPresent(c -> json.put("class", c.id()));
      if (!answer.known().isEmpty()) {
        json.put("probability", face.prediction().probability(answer));
      }
      Map<String, Object> probabilities = new LinkedHashMap<>();
      for (Attribute attribute : Attribute.values()) {
        if (face.prediction().attributes().contains(attribute)) {
          face.value(attribute).ifPresent(value -> json.put(attribute.word(), value));
          probabilities.put(attribute.word(), face.probabilities(attribute));
        }
      }
      face.prediction().years().ifPresent(years -> json.put("years", years));
      json.put("unsure", face.prediction().unsure().stream().map(Attribute::word).toList());
      Map<String, Double> confidence = new LinkedHashMap<>();
      face.prediction().confidence().forEach((a, value) -> confidence.put(a.word(), value));
      json.put("confidence", confidence);
      json.put("probabilities", probabilities);
      face.box().ifPresent(box -> json.put("face", box(box)));
      face.score().ifPresent(score -> json.put("score", score));
      if (!face.landmarks().isEmpty()) {
        json.put(
            "landmarks",
            face.landmarks().stream().map(p -> List.of(tenths(p.x()), tenths(p.y()))).toList());
      }
      face.crop()
          .ifPresent(
              crop -> {
                json.put("crop", box(crop.crop()));
                json.put("cropRule", rule(crop.rule()));
                json.put("fallback", crop.fallback());
              });
      return json;
    }

    private Map<String, Double> box(Box box) {
      Map<String, Double> json = new LinkedHashMap<>();
      json.put("x", tenths(box.left()));
      json.put("y", tenths(box.top()));
      json.put("width", tenths(box.width()));
      json.put("height", tenths(box.height()));
      return json;
    }
  },

  /** A table after RFC 4180: a row a photo, or a row a face if each face was asked for. */
  CSV {
    @Override
    void begin(Appendable to) throws IOException {
      List<String> header =
          new ArrayList<>(
              List.of(
                  "photo",
                  "error",
                  "faces",
                  "face",
                  "label",
                  "class",
                  "probability",
                  "mask",
                  "gender",
                  "age",
                  "years",
                  "unsure",
                  "x",
                  "y",
                  "width",
                  "height",
                  "score",
                  "crop_rule",
                  "fallback"));
      for (Attribute attribute : Attribute.values()) {
        attribute
            .valueNames()
            .forEach(value -> header.add(attribute.word() + "_" + value.replace(' ', '_')));
      }
      TABLE.printRecord(to, header.toArray());
    }

    @Override
    void write(PhotoAnswer answer, Appendable to) throws IOException {
      int columns = 19;
      if (answer.faces().isEmpty()) {
        Object[] row = new Object[columns + VALUES];
        row[0] = answer.photo();
        row[1] = answer.error();
        row[2] = answer.isBad() ? "" : 0;
        TABLE.printRecord(to, row);
      }
      for (int i = 0; i < answer.faces().size(); i++) {
        PhotoAnswer.Subject face = answer.faces().get(i);
        FaceLabel label = face.prediction().answer();
        List<Object> row = new ArrayList<>();
        row.add(answer.photo());
        row.add("");
        row.add(answer.each() ? answer.faces().size() : "");
        row.add(answer.each() ? i + 1 : "");
        row.add(face.words());
        row.add(label.faceClass().map(c -> (Object) c.id()).orElse(""));
        row.add(label.known().isEmpty() ? "" : face.prediction().probability(label));
        for (Attribute attribute : Attribute.values()) {
          row.add(face.value(attribute).orElse(""));
        }
        row.add(
            face.prediction().years().isPresent() ? face.prediction().years().getAsDouble() : "");
        row.add(
            String.join(" ", face.prediction().unsure().stream().map(Attribute::word).toList()));
        Optional<Box> box = face.box();
        row.add(box.map(b -> (Object) tenths(b.left())).orElse(""));
        row.add(box.map(b -> (Object) tenths(b.top())).orElse(""));
        row.add(box.map(b -> (Object) tenths(b.width())).orElse(""));
        row.add(box.map(b -> (Object) tenths(b.height())).orElse(""));
        row.add(face.score().isPresent() ? face.score().getAsDouble() : "");
        row.add(face.crop().map(c -> rule(c.rule())).orElse(""));
        row.add(face.crop().map(c -> (Object) c.fallback()).orElse(""));
        for (Attribute attribute : Attribute.values()) {
          boolean answered = face.prediction().attributes().contains(attribute);
          face.probabilities(attribute).values().forEach(p -> row.add(answered ? p : ""));
        }
        TABLE.printRecord(to, row.toArray());
      }
    }
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final CSVFormat TABLE = CSVFormat.RFC4180;
  private static final int VALUES = 8; // of the three attributes

  /** Writes what comes before the first answer. */
  void begin(Appendable to) throws IOException {}

  /** Writes an answer. */
  abstract void write(PhotoAnswer answer, Appendable to) throws IOException;

  private static double tenths(double pixels) {
    return Math.rint(10 * pixels) / 10;
  }

  private static String rule(Enum<?> rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }
}
