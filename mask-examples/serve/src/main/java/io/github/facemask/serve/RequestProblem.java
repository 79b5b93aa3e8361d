package io.github.facemask.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.problem.Problem;
import java.util.OptionalInt;

/** What is wrong with a request, as problem details (RFC 9457). Not thread-safe. */
final class RequestProblem extends Exception {

  static final String CONTENT_TYPE = "application/problem+json";

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The kinds of problems. Their words are in the type of each answer. */
  enum Kind {
    BAD_REQUEST(400, "The request cannot be read"),
    OTHER_SITE(403, "The request comes from another site"),
    NOT_FOUND(404, "There is no such path"),
    METHOD_NOT_ALLOWED(405, "The path has no such method"),
    TOO_SLOW(408, "The photo did not arrive in time"),
    TOO_MANY_BYTES(413, "The body is too long"),
    UNSUPPORTED_TYPE(415, "The content type is not supported"),
    OTHER_HOST(421, "The request is for another host"),
    UNREADABLE_PHOTO(422, "The photo cannot be read"),
    TOO_MANY_PHOTOS(422, "The request has too many photos"),
    WRONG_VALUE(422, "A value is wrong"),
    TOO_MANY_REQUESTS(429, "Too many requests are waiting"),
    HEADERS_TOO_LARGE(431, "The headers are too long"),
    DEFECT(500, "The service has a defect"),
    STOPPING(503, "The service is stopping");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    int status() {
      return status;
    }

    /** Returns the word of this kind in types and metrics, for instance {@code too-slow}. */
    String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Returns the kind of an error that the HTTP server itself answers. */
    static Kind ofStatus(int status) {
      for (Kind kind : values()) {
        if (kind.status == status) {
          return kind;
        }
      }
      return status >= 500 ? DEFECT : BAD_REQUEST;
    }
  }

  private final Kind kind;
  private final Problem problem;

  private RequestProblem(Kind kind, Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.kind = kind;
    this.problem = problem;
  }

  /** Returns a problem whose detail is a sentence. */
  static RequestProblem of(Kind kind, String detail) {
    return new RequestProblem(kind, Problem.saying(detail), null);
  }

  /** Returns the problem of a value. */
  static RequestProblem of(Kind kind, Problem problem) {
    return new RequestProblem(kind, problem, null);
  }

  /** Returns a defect. Its cause is for the log alone. */
  static RequestProblem defect(Throwable cause) {
    return new RequestProblem(
        Kind.DEFECT, Problem.saying("an error of the service; its log has more"), cause);
  }

  Kind kind() {
    return kind;
  }

  /** Returns when a client may try again, in seconds. */
  OptionalInt retryAfter() {
    return switch (kind) {
      case TOO_MANY_REQUESTS -> OptionalInt.of(1);
      case STOPPING -> OptionalInt.of(10);
      default -> OptionalInt.empty();
    };
  }

  /** Returns the fields of the problem. */
  ObjectNode json() {
    return json(kind.status);
  }

  /** Returns the fields of the problem with the status of an error of the HTTP server. */
  ObjectNode json(int status) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("type", "urn:facemask:problem:" + kind.word())
            .put("title", kind.title)
            .put("status", status)
            .put("detail", problem.message());
    if (!problem.what().isEmpty()) {
      json.put("what", problem.what()).put("value", problem.value());
    }
    if (!problem.expected().isEmpty()) {
      json.put("expected", problem.expected());
    }
    if (!problem.remedy().isEmpty()) {
      json.put("remedy", problem.remedy());
    }
    return json;
  }
}
