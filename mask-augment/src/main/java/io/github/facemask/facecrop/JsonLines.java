package io.github.facemask.facecrop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.CaseFormat;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes records as a file with one JSON object in each line. */
final class JsonLines {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonLines() {}

  static <T> List<T> read(Path file, Class<T> type) throws IOException {
    List<T> values = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          values.add(parse(line, type, file, number));
        }
      }
    } catch (CharacterCodingException e) {
      throw WholeFile.notUtf8(file, e);
    }
    return values;
  }

  private static <T> T parse(String line, Class<T> type, Path file, int number) throws IOException {
    try {
      T value = MAPPER.readValue(line, type);
      if (value == null) {
        throw new IOException(file + " line " + number + " is null, expected an object");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new InvalidFileException(
          file,
          number,
          Problem.saying("the line is not a " + words(type) + " as JSON")
              .withRemedy("make the file again, or name another one"),
          e);
    }
  }

  /** A type in words, for instance "crop decision". */
  private static String words(Class<?> type) {
    return CaseFormat.UPPER_CAMEL
        .to(CaseFormat.LOWER_HYPHEN, type.getSimpleName())
        .replace('-', ' ');
  }

  static void write(Path file, List<?> values) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          for (Object value : values) {
            out.write(MAPPER.writeValueAsString(value).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
          }
        });
  }
}
