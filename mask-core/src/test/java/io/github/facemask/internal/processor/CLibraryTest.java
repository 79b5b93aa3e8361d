package io.github.facemask.internal.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CLibraryTest {

  private static final String WORDS =
      "\0GNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\n";

  @Test
  void glibcIsFoundByItsFileAndItsWords(@TempDir Path folder) throws IOException {
    Path library = Files.writeString(folder.resolve("libc.so.6"), WORDS);

    CLibrary found = CLibrary.of("7f00-7f01 r--p 0 08:01 5   " + library + "\n").orElseThrow();

    assertThat(found).isEqualTo(new CLibrary("glibc", "2.36"));
    assertThat(found.isGlibc()).isTrue();
    assertThat(found.suffices()).isTrue();
  }

  @Test
  void anOlderOneDoesNotDo() {
    assertThat(new CLibrary("glibc", "2.17").suffices()).isFalse();
    assertThat(new CLibrary("glibc", "2.28").suffices()).isFalse();
    assertThat(new CLibrary("glibc", CLibrary.LEAST_GLIBC).suffices()).isTrue();
    assertThat(new CLibrary("glibc", "3.0").suffices()).isTrue();
    assertThat(new CLibrary("glibc", "").suffices()).isTrue();
  }

  @Test
  void muslIsFoundByItsLoader() {
    CLibrary found =
        CLibrary.of("7f00-7f01 r--p 0 08:01 5   /lib/ld-musl-x86_64.so.1\n").orElseThrow();

    assertThat(found.name()).isEqualTo("musl");
    assertThat(found.suffices()).isFalse();
  }

  @Test
  void elsewhereItIsUnknown() {
    assertThat(CLibrary.of("")).isEmpty();
    assertThat(CLibrary.of("7f00-7f01 r--p 0 08:01 5   /opt/libc.so.6.txt\n")).isEmpty();
  }
}
