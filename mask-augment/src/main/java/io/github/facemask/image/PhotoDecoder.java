package io.github.facemask.image;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.internal.opencv.OpenCv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes JPEG, PNG, WebP and BMP files to RGB. The format is detected from the content, not from
 * the file name. The EXIF orientation is applied; grey, palette and CMYK photos become RGB; alpha
 * is dropped; of 16-bit channels the upper 8 bits are kept. The pixels are those of Pillow's {@code
 * convert("RGB")}: equal for PNG and BMP, within 2 levels for JPEG.
 *
 * <p>Immutable and thread-safe.
 */
public final class PhotoDecoder {

  /** The default limit of pixels in a photo: 50 million, 150 MB decoded. */
  public static final long DEFAULT_MAX_PIXELS = 50_000_000;

  private final long maxPixels;
  private final int jpegScale;

  private PhotoDecoder(Builder builder) {
    this.maxPixels = builder.maxPixels;
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

    private long maxPixels = DEFAULT_MAX_PIXELS;
    private int jpegScale = 1;

    private Builder() {}

    /**
     * Sets the largest number of pixels in a photo; larger photos are refused by their header.
     *
     * @param pixels height * width, 1 to 500 million
     * @return this
     */
    public Builder optMaxPixels(long pixels) {
      this.maxPixels = pixels;
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
      check(maxPixels >= 1 && maxPixels <= 500_000_000, "maxPixels", maxPixels, "1 to 500000000");
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
   * Reads the bytes of a file, up to a limit that follows from the largest number of pixels: 8
   * bytes for each pixel, and 16 MiB for other content.
   *
   * @param file the photo
   * @return its bytes, not checked yet
   * @throws UnreadablePhotoException if it is longer
   * @throws IOException if the file cannot be read
   */
  public byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    long most = Math.min(8 * maxPixels + (16 << 20), Integer.MAX_VALUE - 8);
    if (size > most) {
      throw new UnreadablePhotoException(
          file.toString(), "it has " + size + " bytes, expected at most " + most);
    }
    return Files.readAllBytes(file);
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
    PhotoHeader.read(bytes, name, maxPixels);
    OpenCv.load();
    try (BytePointer pointer = new BytePointer(bytes);
        Mat encoded = new Mat(1, bytes.length, opencv_core.CV_8UC1, pointer);
        Mat decoded = opencv_imgcodecs.imdecode(encoded, flags())) {
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

  /** Returns the parameters for a run's record; plain JSON values. */
  public Map<String, Object> parameters() {
    return Map.of("maxPixels", maxPixels, "reducedScale", jpegScale);
  }

  private int flags() {
    // The "grayscale" constants hold the scale alone; the colour ones would add BGR.
    return opencv_imgcodecs.IMREAD_COLOR_RGB
        | switch (jpegScale) {
          case 2 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
          case 4 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
          case 8 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
          default -> 0;
        };
  }
}
