package io.github.facemask.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileKindTest {

  /** The start of a file as Latin-1, where {@code ~xx} is a byte. */
  private static byte[] file(String start) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < start.length(); i++) {
      if (start.charAt(i) == '~') {
        text.append((char) Integer.parseInt(start.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        text.append(start.charAt(i));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      textBlock =
          """
          ~00~00~00~18ftypheic~00~00~00~00mif1heic|a HEIC photo
          ~00~00~00~18ftypheix~00~00~00~00mif1heix|a HEIC photo
          ~00~00~00~18ftypmif1~00~00~00~00mif1heic|a HEIC photo
          ~00~00~00~18ftypmsf1~00~00~00~00msf1hevc|a HEIC photo
          ~00~00~00~14ftypmif1~00~00~00~00mif1|a HEIF picture
          ~00~00~00~1cftypavif~00~00~00~00avifmif1miaf|an AVIF picture
          ~00~00~00~1cftypmif1~00~00~00~00avifmif1miaf|an AVIF picture
          ~00~00~00~14ftypavis~00~00~00~00avis|an AVIF picture
          GIF89a~01~00~01~00|a GIF
          GIF87a~01~00~01~00|a GIF
          II*~00~08~00~00~00~00~00~00~00~00~00|a TIFF
          MM~00*~00~00~00~08~00~00~00~00~00~00|a TIFF
          II+~00~08~00~00~00~10~00~00~00|a TIFF
          II*~00~10~00~00~00CR~02~00~00~00~00~00|a camera's raw file (CR2)
          II*~00~08~00~00~00~01~00~12~c6~01~00~04~00~00~00~01~04~00~00|a camera's raw file (DNG)
          MM~00*~00~00~00~08~00~01~c6~12~00~01~00~00~00~04~01~04~00~00|a camera's raw file (DNG)
          ~00~00~00~18ftypcrx ~00~00~00~01crx isom|a camera's raw file (CR3)
          FUJIFILMCCD-RAW 0201|a camera's raw file (RAF)
          IIRO~08~00~00~00|a camera's raw file (ORF)
          IIU~00~18~00~00~00|a camera's raw file (RW2)
          ~ff~0a~fa~1f~41|a JPEG XL picture
          ~00~00~00~0cJXL ~0d~0a~87~0a|a JPEG XL picture
          ~00~00~00~0cjP  ~0d~0a~87~0a|a JPEG 2000 picture
          ~ffO~ffQ~00~2f|a JPEG 2000 picture
          8BPS~00~01~00~00|a Photoshop document (PSD)
          gimp xcf file~00|a GIMP picture (XCF)
          <svg xmlns="http://www.w3.org/2000/svg">|a drawing (SVG)
          <?xml version="1.0"?><!-- x --><svg>|a drawing (SVG)
          <?xml version="1.0"?><note/>|an XML document
          ~00~00~01~00~01~00~10~10|an icon (ICO)
          ~00~00~00~20ftypisom~00~00~02~00isomiso2|a video (MP4)
          ~00~00~00~20ftypmp42~00~00~00~00mp42heic|a video (MP4)
          ~00~00~00~14ftypqt  ~00~00~02~00qt  |a video (MOV)
          ~00~00~00~08wide~00~00~00~08mdat|a video (MOV)
          RIFF~24~00~00~00AVI LIST|a video (AVI)
          RIFF~24~00~00~00WAVEfmt |a sound (WAV)
          ~1aE~df~a3~01~00~00~00B~82~84webm|a video (WebM)
          ~1aE~df~a3~01~00~00~00B~82~88matroska|a video (MKV)
          <!DOCTYPE html><html><body>404|a web page
          ~ef~bb~bf~0a <HTML lang="en">|a web page
          <p>Not found</p>|a web page
          <!doctype html><html><svg></svg></html>|a web page
          %PDF-1.7~0a%~e2~e3|a PDF document
          ~00~00%PDF-1.4|a PDF document
          version https://git-lfs.github.com/spec/v1~0aoid|a Git LFS pointer
          /annex/objects/SHA256E-s1--aa.jpg|a git-annex pointer
          PK~03~04~14~00|a zip archive or a document of an office program
          ~1f~8b~08~00|compressed with gzip
          7z~bc~af~27~1c~00|a 7z archive
          Rar!~1a~07~01~00|a rar archive
          BZh91AY&SY|compressed with bzip2
          ~fd7zXZ~00|compressed with xz
          (~b5/~fd|compressed with zstd
          {"error": "not found"}|JSON
          [1, 2]|JSON
          photo,mask,age|text
          ~ff~feh~00i~00|text
          data:image/jpeg;base64,/9j/4AAQ|a data URL as text
          /9j/4AAQSkZJRgABAQAAAQABAAD|a photo in Base64
          ~00~05~16~07~00~02~00~00Mac OS X|a file of macOS beside a photo (AppleDouble)
          ~00~00~00~00~00~00~00~00~00~00|all zero bytes
          ~89PNG~0a~1a~0a~00~00|a PNG with changed line ends
          ~ef~bf~bd~ef~bf~bd~ef~bf~bd~00|binary data that was saved as text
          P6 640 480 255 |a Netpbm picture (PPM, PGM or PBM)
          """)
  void aFileIsNamedByItsContent(String start, String kind) {
    assertThat(FileKind.of(file(start.replace("\\n", "\n")))).map(FileKind::name).contains(kind);
  }

  @Test
  void rawFilesOfNikonAndSonyAreToldFromTiffsByTheirTags() {
    assertThat(FileKind.of(raw("NIKON CORPORATION")))
        .map(FileKind::name)
        .contains("a camera's raw file (NEF)");
    assertThat(FileKind.of(raw("SONY CORP.")))
        .map(FileKind::name)
        .contains("a camera's raw file (ARW)");
  }

  /** A TIFF with the maker and a second directory. */
  private static byte[] raw(String make) {
    byte[] tags =
        file(
            "II*~00~08~00~00~00~02~00~0f~01~02~00~"
                + String.format("%02x", make.length())
                + "~00~00~00~26~00~00~00~4a~01~04~00~01~00~00~00~40~00~00~00~00~00~00~00");
    byte[] name = make.getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(tags, 38 + name.length);
    System.arraycopy(name, 0, all, 38, name.length);
    return all;
  }

  @Test
  void theErrorIsOneLineWithTheWayOn() {
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> PhotoDecoder.create().decode(TestFiles.path("files/heic.jpg")))
        .withMessageMatching(
            "cannot read photo '.*heic.jpg': it is a HEIC photo, expected JPEG, PNG, WebP or BMP;"
                + " convert it to JPEG.*")
        .satisfies(e -> assertThat(e.problem().remedy()).startsWith("convert it to JPEG"))
        .satisfies(e -> assertThat(e.tooLarge()).isFalse());
  }

  @Test
  void emptyFilesAndFoldersAreNamed(@TempDir Path folder) {
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> PhotoDecoder.create().decode(new byte[0], "x"))
        .withMessage("cannot read photo 'x': the file is empty; copy or download it again");
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> PhotoDecoder.create().decode(folder))
        .withMessageContaining("it is a folder, expected JPEG");
  }

  @Test
  void unknownBytesHaveNoName() {
    assertThat(FileKind.of(file("~01~02~03~f4~f5"))).isEmpty();
  }

  @Test
  void noCutOrChangedStartBreaksTheNaming() throws IOException {
    byte[] tiff = raw("NIKON CORPORATION");
    for (int length = 1; length < tiff.length; length++) {
      assertThat(FileKind.of(Arrays.copyOf(tiff, length))).isNotNull();
      byte[] changed = tiff.clone();
      changed[length] = (byte) 0xff;
      assertThat(FileKind.of(changed)).isNotNull();
    }
  }
}
