package io.github.facemask.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {

  private static final String NAME = "\uc0ac\uc9c4 \u00e9t\u00e9";

  @TempDir Path folder;

  @BeforeAll
  static void theNamesCanBeSpelt() {
    assumeTrue(
        System.getProperty("sun.jnu.encoding").equals("UTF-8"),
        "this locale cannot spell the names; run under a UTF-8 one");
  }

  private Path named(Form folders, Form file) {
    return folder
        .resolve(Normalizer.normalize(NAME, folders))
        .resolve(Normalizer.normalize(NAME + ".jpg", file));
  }

  @Test
  void aFileIsFoundByItsNameInTheOtherForm() throws IOException {
    Path there = named(Form.NFD, Form.NFC);
    Files.createDirectories(there.getParent());
    Files.writeString(there, "photo");

    for (Form first : new Form[] {Form.NFC, Form.NFD}) {
      for (Form second : new Form[] {Form.NFC, Form.NFD}) {
        assertThat(FileNames.onDisk(named(first, second))).hasContent("photo");
      }
    }
  }

  @Test
  void whatIsNotThereKeepsItsName() {
    Path missing = named(Form.NFC, Form.NFC);
    assertThat(FileNames.onDisk(missing)).isEqualTo(missing);
    Path ascii = folder.resolve("missing.jpg");
    assertThat(FileNames.onDisk(ascii)).isSameAs(ascii);
  }
}
