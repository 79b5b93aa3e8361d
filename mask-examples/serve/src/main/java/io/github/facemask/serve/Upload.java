package io.github.facemask.serve;

import com.google.common.collect.ImmutableList;
import io.github.facemask.problem.Problem;
import io.github.facemask.serve.RequestProblem.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/**
 * The photos of a request.
 *
 * @param photos at least one
 * @param several whether they came as a form, which has an answer for each
 */
record Upload(ImmutableList<PhotoFile> photos, boolean several) {

  private static final int NAME_LENGTH = 255;
  private static final int HEADERS_OF_A_PART = 4096;

  /** The media type of a request that can hold photos. */
  record Type(String media, String whole) {

    boolean isForm() {
      return media.equals("multipart/form-data");
    }
  }

  /**
   * Checks the content type, before the body is read.
   *
   * @param header the header; {@code null} if there is none
   * @return the type
   * @throws RequestProblem if it is no type of photos
   */
  static Type type(String header) throws RequestProblem {
    String whole = header == null ? "" : header;
    int end = whole.indexOf(';');
    String media = (end < 0 ? whole : whole.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (!media.startsWith("image/")
        && !media.equals("application/octet-stream")
        && !media.equals("multipart/form-data")) {
      throw RequestProblem.of(
          Kind.UNSUPPORTED_TYPE,
          Problem.of(
              "contentType", media, "image/*, application/octet-stream or multipart/form-data"));
    }
    return new Type(media, whole);
  }

  /**
   * Takes the photos out of a body.
   *
   * @param body the whole body
   * @param type its type
   * @param most the largest number of photos
   * @throws RequestProblem if it is no whole form, or has none or too many photos
   */
  static Upload of(byte[] body, Type type, int most) throws RequestProblem {
    if (!type.isForm()) {
      return new Upload(ImmutableList.of(new PhotoFile("", body)), false);
    }
    String boundary = MultiPart.extractBoundary(type.whole());
    if (boundary == null || boundary.isEmpty()) {
      throw RequestProblem.of(
          Kind.BAD_REQUEST, Problem.of("boundary", "", "the boundary of the form's parts"));
    }
    Parts parts = new Parts();
    MultiPart.Parser parser = new MultiPart.Parser(boundary, parts);
    parser.setMaxParts(most + 1L);
    parser.setPartHeadersMaxLength(HEADERS_OF_A_PART);
    parser.parse(Content.Chunk.from(ByteBuffer.wrap(body), true));
    if (parts.photos.size() > most) {
      throw RequestProblem.of(
          Kind.TOO_MANY_PHOTOS, Problem.of("photos", parts.photos.size(), "at most " + most));
    }
    if (parts.failure.isPresent() || !parts.complete) {
      throw RequestProblem.of(
          Kind.BAD_REQUEST,
          "the form is broken or cut off after " + parts.photos.size() + " parts");
    }
    if (parts.noFile.isPresent()) {
      throw RequestProblem.of(
          Kind.BAD_REQUEST, Problem.of("part", parts.noFile.get(), "a file with a name"));
    }
    if (parts.photos.isEmpty()) {
      throw RequestProblem.of(Kind.BAD_REQUEST, Problem.of("photos", "", "at least one file"));
    }
    return new Upload(ImmutableList.copyOf(parts.photos), true);
  }

  /** Collects the parts of a form. */
  private static final class Parts extends MultiPart.AbstractPartsListener {
    private final List<PhotoFile> photos = new ArrayList<>();
    private ByteArrayOutputStream content = new ByteArrayOutputStream();
    private Optional<String> noFile = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();
    private boolean complete;

    @Override
    public void onPartContent(Content.Chunk chunk) {
      ByteBuffer part = chunk.getByteBuffer();
      content.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
    }

    @Override
    public void onPart(String name, String fileName, HttpFields headers) {
      if (fileName == null) {
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.startsWith("image/")) {
          noFile = Optional.of(cut(String.valueOf(name)));
        }
      }
      photos.add(new PhotoFile(cut(fileName == null ? "" : fileName), content.toByteArray()));
      content = new ByteArrayOutputStream();
    }

    @Override
    public void onComplete() {
      complete = true;
    }

    @Override
    public void onFailure(Throwable cause) {
      failure = Optional.of(cause);
    }

    private static String cut(String name) {
      return name.length() <= NAME_LENGTH ? name : name.substring(0, NAME_LENGTH);
    }
  }
}
