package io.github.facemask.image;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.internal.opencv.OpenCv;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes JPEG, PNG, WebP and BMP files to RGB. The format is detected from the content, not from
 * the file name; other files are refused by the name of what they are. The EXIF orientation is
 * applied; grey, palette and CMYK photos become RGB; alpha is dropped; of 16-bit channels the upper
 * 8 bits are kept, where Pillow's {@code convert("RGB")} clips 16-bit grey to white. Otherwise the
 * pixels are those of Pillow: equal for PNG and BMP, within 2 levels for JPEG.
 *
 * <p>A JPEG with more pixels than {@link Builder#optMaxDecodedPixels} is decoded at a half, a
 * quarter or an eighth of its sides, so that memory stays bounded; all boxes are then in pixels of
 * the decoded photo. A JPEG with damaged data is decoded as far as it goes; {@link #damage} tells
 * so. A PNG without its end is read if it has all pixels.
 *
 * <p>Immutable and thread-safe.
 */
public final class PhotoDecoder {

  /**
   * The default limit of decoded pixels: 50 million, 150 MB. It is also the default limit of pixels
   * by the header for PNG, WebP and BMP, which cannot be decoded at a reduced size.
   */
  public static final long DEFAULT_MAX_PIXELS = 50_000_000;

  /** The default limit of pixels by the header of a JPEG: 200 million. */
  public static final long DEFAULT_MAX_JPEG_PIXELS = 200_000_000;

  private static final long MOST = 500_000_000;

  private final FileBytes.Limits limits;
  private final long maxDecodedPixels;
  private final int jpegScale;

  private PhotoDecoder(Builder builder) {
    this.limits = builder.limits;
    this.maxDecodedPixels = builder.maxDecodedPixels;
    this.jpegScale = builder.jpegScale;
  }

  /** Returns a decoder with the default limits. */
  public static PhotoDecoder create() {
    return builder().build();
  }

  /** Returns a builder of a decoder with other limits. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builder of {@link PhotoDecoder}. */
  public static final class Builder {

    private FileBytes.Limits limits =
        new FileBytes.Limits(DEFAULT_MAX_JPEG_PIXELS, DEFAULT_MAX_PIXELS);
    private long maxDecodedPixels = DEFAULT_MAX_PIXELS;
    private int jpegScale = 1;

    private Builder() {}

    /**
     * Sets the largest number of pixels in a photo; larger photos are refused by their header. By
     * default {@link #DEFAULT_MAX_JPEG_PIXELS} for JPEG and {@link #DEFAULT_MAX_PIXELS} for other
     * formats.
     *
     * @param pixels height * width, 1 to 500 million
     * @return this
     */
    public Builder optMaxPixels(long pixels) {
      this.limits = new FileBytes.Limits(pixels, pixels);
      return this;
    }

    /**
     * Sets the largest number of pixels that a JPEG is decoded to, by default {@link
     * #DEFAULT_MAX_PIXELS}. A larger JPEG is decoded at a half, a quarter or an eighth of its
     * sides; if that is not enough, it is refused.
     *
     * @param pixels height * width, 1 to 500 million
     * @return this
     */
    public Builder optMaxDecodedPixels(long pixels) {
      this.maxDecodedPixels = pixels;
      return this;
    }

    /**
     * Decodes photos at a reduced size, which is faster and less exact: the JPEG decoder drops the
     * high frequencies of each block. Other formats are decoded at full size and then reduced.
     *
     * @param scale the divisor of both sides: 1, 2, 4 or 8
     * @return this
     */
    public Builder optReducedScale(int scale) {
      this.jpegScale = scale;
      return this;
    }

    /**
     * Makes the decoder.
     *
     * @return the decoder
     * @throws IllegalArgumentException if a choice is out of range
     */
    public PhotoDecoder build() {
      check(
          limits.jpeg() >= 1 && limits.jpeg() <= MOST,
          "maxPixels",
          limits.jpeg(),
          "1 to 500000000");
      check(
          maxDecodedPixels >= 1 && maxDecodedPixels <= MOST,
          "maxDecodedPixels",
          maxDecodedPixels,
          "1 to 500000000");
      check(
          jpegScale == 1 || jpegScale == 2 || jpegScale == 4 || jpegScale == 8,
          "reducedScale",
          jpegScale,
          "1, 2, 4 or 8");
      return new PhotoDecoder(this);
    }
  }

  /**
   * Reads and decodes a file.
   *
   * @param file the photo
   * @return its pixels
   * @throws UnreadablePhotoException if the content is not a whole photo of a known format
   * @throws IOException if the file cannot be read
   */
  public Pixels decode(Path file) throws IOException {
    return decode(read(file), file.toString());
  }

  /**
   * Tells whether a photo's data is damaged although it can be decoded: parts of it are grey or
   * wrong. Only JPEGs are decoded in spite of damage.
   *
   * @param bytes the whole file
   * @return what is wrong, for instance "its image data ends too early: pixels are lost or wrong,
   *     at the latest from row 240 of 480 on"; rows are as stored, before the EXIF orientation.
   *     Empty if nothing is, and for files that cannot be decoded
   */
  public Optional<String> damage(byte[] bytes) {
    try {
      return PhotoHeader.read(new FileBytes(bytes, "", limits)).format() == PhotoHeader.Format.JPEG
          ? JpegScans.of(bytes).damage()
          : Optional.empty();
    } catch (UnreadablePhotoException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the bytes of a file, up to a limit that follows from the largest number of pixels: 8
   * bytes for each pixel, and 16 MiB for other content.
   *
   * @param file the photo
   * @return its bytes, not checked yet
   * @throws UnreadablePhotoException if it is longer, or a folder
   * @throws IOException if the file cannot be read
   */
  public byte[] read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw PhotoHeader.noPhoto(
          file.toString(), Optional.of(new FileKind("a folder", "name the photos in it")));
    }
    long size = Files.size(file);
    long most = Math.min(8 * limits.other() + (16 << 20), Integer.MAX_VALUE - 8);
    if (size > most) {
      Optional<FileKind> kind = FileKind.ofStart(start(file));
      if (kind.isPresent()) {
        throw PhotoHeader.noPhoto(file.toString(), kind);
      }
      throw new UnreadablePhotoException(
          file.toString(), "it has " + size + " bytes, expected at most " + most);
    }
    if (Files.isRegularFile(file)) {
      return Files.readAllBytes(file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) most + 1); // a device may have no end
      if (bytes.length > most) {
        throw new UnreadablePhotoException(
            file.toString(), "it has more than " + most + " bytes, expected at most that");
      }
      return bytes;
    }
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(4096);
    }
  }

  /**
   * Decodes the bytes of a file.
   *
   * @param bytes the whole file
   * @param name its name in error messages
   * @return its pixels
   * @throws UnreadablePhotoException if the bytes are not a whole photo of a known format
   */
  public Pixels decode(byte[] bytes, String name) throws UnreadablePhotoException {
    FileBytes file = new FileBytes(bytes, name, limits);
    PhotoHeader header = PhotoHeader.read(file);
    if (header.format() != PhotoHeader.Format.JPEG) {
      return decode(file.array(), name, jpegScale);
    }
    int scale = scale(header, file);
    JpegScans scans = JpegScans.of(file.array());
    return scans.damage().isPresent()
        ? DamagedJpeg.decode(bytes, name, scale, scans.damage().get())
        : decode(scans.clean(), name, scale);
  }

  /** Returns the divisor of a JPEG's sides that makes it small enough. */
  private int scale(PhotoHeader header, FileBytes file) throws UnreadablePhotoException {
    for (int scale = jpegScale; scale <= 8; scale *= 2) {
      long height = (header.height() + scale - 1) / scale;
      long width = (header.width() + scale - 1) / scale;
      if (height * width <= maxDecodedPixels) {
        return scale;
      }
    }
    throw file.tooLarge(header.height(), header.width(), 64 * maxDecodedPixels);
  }

  private static Pixels decode(byte[] bytes, String name, int scale)
      throws UnreadablePhotoException {
    OpenCv.load();
    try (BytePointer pointer = new BytePointer(bytes);
        Mat encoded = new Mat(1, bytes.length, opencv_core.CV_8UC1, pointer);
        Mat decoded = opencv_imgcodecs.imdecode(encoded, flags(scale))) {
      if (decoded.empty()) {
        throw new UnreadablePhotoException(name, "its image data is damaged");
      }
      byte[] rgb = new byte[decoded.rows() * decoded.cols() * Pixels.CHANNELS];
      decoded.data().get(rgb);
      return Pixels.wrap(decoded.rows(), decoded.cols(), rgb);
    } catch (UnreadablePhotoException e) {
      throw e;
    } catch (RuntimeException e) { // how JavaCPP passes a C++ exception on
      throw new UnreadablePhotoException(name, "the decoder refused it: " + e.getMessage(), e);
    }
  }

  /**
   * Counts the pixels of a photo by its header, without decoding it. A service refuses what is too
   * large, and knows how much memory the others will need.
   *
   * @param bytes the whole file
   * @param name its name in error messages
   * @return height * width
   * @throws UnreadablePhotoException if the bytes are no photo of a known format, or one of more
   *     pixels than the limit
   */
  public long pixels(byte[] bytes, String name) throws UnreadablePhotoException {
    PhotoHeader header = PhotoHeader.read(new FileBytes(bytes, name, limits));
    return header.height() * header.width();
  }

  /** Returns the parameters for a run's record; plain JSON values. */
  public Map<String, Object> parameters() {
    return Map.of("maxDecodedPixels", maxDecodedPixels, "reducedScale", jpegScale);
  }

  private static int flags(int scale) {
    // The "grayscale" constants hold the scale alone; the colour ones would add BGR.
    return opencv_imgcodecs.IMREAD_COLOR_RGB
        | switch (scale) {
          case 2 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
          case 4 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
          case 8 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
          default -> 0;
        };
  }
}
