package io.github.facemask.image;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a file is that is no photo of a format we read, by its first bytes, never by its name.
 *
 * @param name what the file is, as the end of "it is ..."
 * @param remedy what to do; may be empty
 */
record FileKind(String name, String remedy) {

  /** The bytes that are enough to name a file, except for the tags of a TIFF. */
  private static final int START = 4096;

  private static final String CONVERT = "convert it to JPEG or PNG";
  private static final String FRAME = "take single frames out as JPEG or PNG";
  private static final String DEVELOP = "export it as JPEG with the program that develops it";
  private static final String UNPACK = "unpack it and use the photos in it";
  private static final String AGAIN = "download the photo itself again";
  private static final FileKind HEIC =
      new FileKind(
          "a HEIC photo",
          "convert it to JPEG, for instance with 'heif-convert' or 'magick'; iPhones take JPEG with"
              + " the camera's format 'Most Compatible'");
  private static final FileKind AVIF =
      new FileKind(
          "an AVIF picture", "convert it to JPEG, for instance with 'avifdec' or 'magick'");
  private static final FileKind MP4 = new FileKind("a video (MP4)", FRAME);
  private static final FileKind MOV = new FileKind("a video (MOV)", FRAME);
  private static final FileKind TEXT = new FileKind("text", "");
  private static final FileKind LFS =
      new FileKind("a Git LFS pointer", "fetch the photo itself with 'git lfs pull'");
  private static final FileKind ANNEX =
      new FileKind("a git-annex pointer", "fetch the photo itself with 'git annex get'");

  private static final Set<String> HEIC_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs");
  private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");

  /** A kind by the bytes at a place of a file. */
  private record Magic(int at, String bytes, FileKind kind) {

    static Magic of(int at, String bytes, String name, String remedy) {
      return new Magic(at, bytes, new FileKind(name, remedy));
    }

    static Magic raw(int at, String bytes, String name) {
      return of(at, bytes, "a camera's raw file (" + name + ")", DEVELOP);
    }
  }

  private static final List<Magic> MAGICS =
      List.of(
          Magic.of(0, "GIF8", "a GIF", CONVERT),
          Magic.of(0, "\0\0\0\fJXL \r\n\u0087\n", "a JPEG XL picture", CONVERT),
          Magic.of(0, "\u00ff\n", "a JPEG XL picture", CONVERT),
          Magic.of(0, "\0\0\0\fjP  \r\n\u0087\n", "a JPEG 2000 picture", CONVERT),
          Magic.of(0, "\u00ffO\u00ffQ", "a JPEG 2000 picture", CONVERT),
          Magic.raw(0, "FUJIFILMCCD-RAW", "RAF"),
          Magic.raw(0, "IIRO", "ORF"),
          Magic.raw(0, "IIRS", "ORF"),
          Magic.raw(0, "MMOR", "ORF"),
          Magic.raw(0, "IIU\0", "RW2"),
          Magic.raw(0, "\0MRM", "MRW"),
          Magic.raw(0, "FOVb", "X3F"),
          Magic.raw(6, "HEAPCCDR", "CRW"),
          Magic.of(0, "8BPS", "a Photoshop document (PSD)", CONVERT),
          Magic.of(0, "gimp xcf", "a GIMP picture (XCF)", CONVERT),
          Magic.of(0, "\0\0\1\0", "an icon (ICO)", CONVERT),
          Magic.of(0, "\0\0\2\0", "a cursor (CUR)", CONVERT),
          Magic.of(0, "icns", "an icon of macOS (ICNS)", CONVERT),
          Magic.of(0, "qoif", "a QOI picture", CONVERT),
          Magic.of(0, "DDS ", "a DDS picture", CONVERT),
          Magic.of(0, "v/1\1", "an OpenEXR picture", CONVERT),
          Magic.of(0, "#?RADIANCE", "a Radiance HDR picture", CONVERT),
          Magic.of(0, "\u008aMNG", "an MNG animation", CONVERT),
          Magic.of(128, "DICM", "a medical picture (DICOM)", CONVERT),
          Magic.of(8, "AVI ", "a video (AVI)", FRAME),
          Magic.of(8, "WAVE", "a sound (WAV)", ""),
          Magic.of(0, "OggS", "a video or sound (Ogg)", FRAME),
          Magic.of(0, "FLV\1", "a video (FLV)", FRAME),
          Magic.of(0, "0&\u00b2u\u008ef\u00cf\u0011", "a video (WMV)", FRAME),
          Magic.of(0, "\0\0\1\u00ba", "a video (MPEG)", FRAME),
          Magic.of(0, "\0\0\1\u00b3", "a video (MPEG)", FRAME),
          Magic.of(0, "ID3", "a sound (MP3)", ""),
          Magic.of(0, "%!PS", "a PostScript document", CONVERT),
          Magic.of(0, "PK\3\4", "a zip archive or a document of an office program", UNPACK),
          Magic.of(0, "PK\5\6", "an empty zip archive", ""),
          Magic.of(0, "\u001f\u008b", "compressed with gzip", UNPACK),
          Magic.of(0, "7z\u00bc\u00af'\u001c", "a 7z archive", UNPACK),
          Magic.of(0, "Rar!\u001a\u0007", "a rar archive", UNPACK),
          Magic.of(0, "\u00fd7zXZ", "compressed with xz", UNPACK),
          Magic.of(0, "BZh", "compressed with bzip2", UNPACK),
          Magic.of(0, "(\u00b5/\u00fd", "compressed with zstd", UNPACK),
          Magic.of(257, "ustar", "a tar archive", UNPACK),
          Magic.of(0, "\u0093NUMPY", "a numpy array", "save it as PNG"),
          Magic.of(0, "\u0089HDF", "an HDF5 file", "save its pictures as PNG"),
          Magic.of(0, "SQLite format 3", "a database (SQLite)", ""),
          Magic.of(
              0,
              "\0\5\u0016\7",
              "a file of macOS beside a photo (AppleDouble)",
              "use the photo of the same name without '._'"),
          Magic.of(
              0,
              "\u0089PNG",
              "a PNG with changed line ends",
              "copy it again as binary data, not as text"),
          Magic.of(
              0,
              "\u00ef\u00bf\u00bd",
              "binary data that was saved as text",
              "copy it again as binary data"));

  /**
   * Names a file.
   *
   * @param bytes the whole file, not empty
   * @return what it is; empty if it has no form that is known here
   */
  static Optional<FileKind> of(byte[] bytes) {
    return isZero(bytes)
        ? Optional.of(new FileKind("all zero bytes", "copy it again from where it was taken"))
        : ofStart(bytes);
  }

  /**
   * Names a file by its start.
   *
   * @param bytes the first 4096 bytes or more, not empty
   * @return what it is; empty if it has no form that is known here
   */
  static Optional<FileKind> ofStart(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(bytes.length, START), StandardCharsets.ISO_8859_1);
    if (start.startsWith("ftyp", 4)) {
      return Optional.of(brand(start));
    }
    if (isOldMovie(start)) {
      return Optional.of(MOV);
    }
    if (start.matches("(?s)(II[*+]\\x00|MM\\x00[*+]).*")) {
      return Optional.of(tiff(bytes, start));
    }
    if (start.startsWith("\u001aE\u00df\u00a3")) {
      boolean web = start.substring(0, Math.min(64, start.length())).contains("webm");
      return Optional.of(new FileKind(web ? "a video (WebM)" : "a video (MKV)", FRAME));
    }
    for (Magic magic : MAGICS) {
      if (start.startsWith(magic.bytes, magic.at)) {
        return Optional.of(magic.kind);
      }
    }
    if (start.matches("(?s)P[1-7]\\s.*")) {
      return Optional.of(new FileKind("a Netpbm picture (PPM, PGM or PBM)", CONVERT));
    }
    if (start.length() > 188 && start.charAt(0) == 'G' && start.charAt(188) == 'G') {
      return Optional.of(new FileKind("a video (MPEG-TS)", FRAME));
    }
    int pdf = start.indexOf("%PDF-");
    if (pdf >= 0 && pdf < 1024) {
      return Optional.of(new FileKind("a PDF document", "take its pictures out as JPEG or PNG"));
    }
    return text(start);
  }

  /** The files of the ISO base media format, by their brands. */
  private static FileKind brand(String start) {
    String brands = start.substring(8, Math.min(start.length(), Math.max(12, boxLength(start))));
    String main = brands.substring(0, Math.min(4, brands.length()));
    boolean heic = false;
    boolean avif = false;
    boolean still = main.equals("mif1") || main.equals("msf1");
    for (int at = 0; at + 4 <= brands.length(); at += at == 0 ? 8 : 4) {
      String brand = brands.substring(at, at + 4);
      heic |= HEIC_BRANDS.contains(brand) && (at == 0 || still);
      avif |= AVIF_BRANDS.contains(brand) && (at == 0 || still);
    }
    if (avif) {
      return AVIF;
    }
    if (heic) {
      return HEIC;
    }
    if (still || main.equals("heif")) {
      return new FileKind("a HEIF picture", HEIC.remedy);
    }
    return switch (main) {
      case "crx " -> Magic.raw(0, "", "CR3").kind;
      case "qt  " -> MOV;
      case "M4A ", "M4B " -> new FileKind("a sound (M4A)", "");
      case "jp2 ", "jpx ", "jpm " -> new FileKind("a JPEG 2000 picture", CONVERT);
      default -> MP4;
    };
  }

  private static int boxLength(String start) {
    return start.charAt(0) == 0 && start.charAt(1) == 0
        ? start.charAt(2) << 8 | start.charAt(3)
        : START;
  }

  /** QuickTime's files from before there were brands begin with one of these boxes. */
  private static boolean isOldMovie(String start) {
    return List.of("moov", "mdat", "wide", "pnot").stream().anyMatch(b -> start.startsWith(b, 4));
  }

  /** Raw files are TIFFs, which their tags tell apart. */
  private static FileKind tiff(byte[] bytes, String start) {
    if (start.startsWith("CR", 8)) {
      return Magic.raw(0, "", "CR2").kind;
    }
    TiffTags tags = TiffTags.of(bytes, 0, bytes.length);
    if (tags.has(TiffTags.DNG_VERSION)) {
      return Magic.raw(0, "", "DNG").kind;
    }
    String make = tags.text(TiffTags.MAKE).toUpperCase(Locale.ROOT);
    if (!make.isEmpty() && tags.has(TiffTags.SUB_IFDS)) {
      String form = make.startsWith("NIKON") ? "NEF" : make.startsWith("SONY") ? "ARW" : make;
      return Magic.raw(0, "", form).kind;
    }
    return new FileKind("a TIFF", CONVERT);
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<FileKind> text(String start) {
    boolean wide = start.startsWith("\u00ff\u00fe") || start.startsWith("\u00fe\u00ff");
    String plain =
        (wide ? start.substring(2).replace("\0", "") : start)
            .replaceFirst("^\u00ef\u00bb\u00bf", "")
            .stripLeading();
    if (!wide && !isReadable(start)) {
      return Optional.empty();
    }
    String lower = plain.toLowerCase(Locale.ROOT);
    if (plain.startsWith("version https://git-lfs")) {
      return Optional.of(LFS);
    }
    if (plain.startsWith("/annex/objects/") || plain.contains(".git/annex/objects/")) {
      return Optional.of(ANNEX);
    }
    if (plain.startsWith("<")) {
      boolean page = lower.contains("<html") || lower.startsWith("<!doctype html");
      if (lower.contains("<svg") && !page) {
        return Optional.of(new FileKind("a drawing (SVG)", "convert it to PNG"));
      }
      boolean other = lower.startsWith("<?xml") && !page;
      return Optional.of(new FileKind(other ? "an XML document" : "a web page", AGAIN));
    }
    if (plain.startsWith("data:image/")) {
      return Optional.of(new FileKind("a data URL as text", "decode its Base64 to a file"));
    }
    if (plain.startsWith("/9j/") || plain.startsWith("iVBORw0KGgo")) {
      return Optional.of(new FileKind("a photo in Base64", "decode its Base64 to a file"));
    }
    return Optional.of(
        plain.startsWith("{") || plain.startsWith("[") ? new FileKind("JSON", AGAIN) : TEXT);
  }

  private static boolean isReadable(String text) {
    return text.chars()
        .allMatch(c -> (c >= 0x20 && c != 0x7f) || (c >= 0x09 && c <= 0x0d) || c == 0x1b);
  }
}
