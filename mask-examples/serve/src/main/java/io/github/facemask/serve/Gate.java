package io.github.facemask.serve;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.problem.Problem;
import io.github.facemask.serve.RequestProblem.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Stands before all routes: counts requests, sets the security headers, and refuses methods that a
 * path does not have, requests for other hosts, and requests while the service stops. Thread-safe.
 */
final class Gate extends Handler.Wrapper {

  private final ServiceMetrics metrics;
  private final ImmutableSet<String> routes;
  private final HostNames hosts;
  private final AtomicInteger inWork = new AtomicInteger();
  private volatile boolean stopping;

  Gate(ServiceMetrics metrics, ImmutableSet<String> routes, HostNames hosts) {
    this.metrics = metrics;
    this.routes = routes;
    this.hosts = hosts;
  }

  /** From now on, new requests are refused. */
  void shut() {
    stopping = true;
  }

  boolean isShut() {
    return stopping;
  }

  /** Returns the number of requests that are not answered to their last byte. */
  int inWork() {
    return inWork.get();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long start = System.nanoTime();
    String path = Request.getPathInContext(request);
    inWork.incrementAndGet();
    Request.addCompletionListener(
        request,
        failure -> {
          inWork.decrementAndGet();
          metrics.request(
              routes.contains(path) ? path : "other",
              // A method may be any word.
              request.getMethod().equals("POST") ? "POST" : "GET",
              response.getStatus(),
              Duration.ofNanos(System.nanoTime() - start));
        });
    addHeaders(response.getHeaders());
    if (stopping && !path.startsWith("/health/") && !path.equals("/metrics")) {
      RequestProblem problem = RequestProblem.of(Kind.STOPPING, "it takes no more requests");
      metrics.refused(Kind.STOPPING);
      response.getHeaders().put(HttpHeader.RETRY_AFTER, problem.retryAfter().orElseThrow());
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      write(response, callback, 503, problem);
      return true;
    }
    String host = Request.getServerName(request);
    if (!hosts.has(host)) {
      metrics.refused(Kind.OTHER_HOST);
      write(
          response,
          callback,
          421,
          RequestProblem.of(
              Kind.OTHER_HOST,
              Problem.of("host", host, "localhost, an address, or a name that the service knows")));
      return true;
    }
    ImmutableList<String> methods = Routes.methods(path);
    boolean asks = request.getMethod().equals("OPTIONS");
    if (asks || (!methods.isEmpty() && !methods.contains(request.getMethod()))) {
      answerMethods(asks, methods, response, callback);
      return true;
    }
    // The routes know GET alone; the server leaves the body of an answer to HEAD out.
    boolean head = request.getMethod().equals("HEAD");
    return super.handle(head ? new AsGet(request) : request, response, callback);
  }

  /** A request with the method GET. */
  private static final class AsGet extends Request.Wrapper {

    AsGet(Request request) {
      super(request);
    }

    @Override
    public String getMethod() {
      return "GET";
    }
  }

  private void answerMethods(
      boolean asks, ImmutableList<String> methods, Response response, Callback callback) {
    String allowed = String.join(", ", methods);
    if (!allowed.isEmpty()) {
      response.getHeaders().put(HttpHeader.ALLOW, allowed);
    }
    if (asks) {
      response.setStatus(methods.isEmpty() ? 404 : 204);
      callback.succeeded();
      return;
    }
    metrics.refused(Kind.METHOD_NOT_ALLOWED);
    RequestProblem problem =
        RequestProblem.of(Kind.METHOD_NOT_ALLOWED, "the path is for " + allowed);
    write(response, callback, 405, problem);
  }

  private static void write(
      Response response, Callback callback, int status, RequestProblem problem) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, RequestProblem.CONTENT_TYPE);
    response.write(true, bytes(status, problem), callback);
  }

  private static ByteBuffer bytes(int status, RequestProblem problem) {
    return ByteBuffer.wrap(problem.json(status).toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Adds the headers of every answer. */
  static void addHeaders(HttpFields.Mutable headers) {
    headers.put(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none';"
            + " form-action 'none'");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
  }

  /** Answers the errors of the HTTP server itself, without a page and without a stack trace. */
  static final class Errors extends ErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
      return true;
    }

    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        String message,
        Throwable cause,
        Callback callback) {
      addHeaders(response.getHeaders());
      // Such as 505 for a version of HTTP: the request is wrong, and the service has no defect.
      int status = code == 500 || code == 503 || code < 500 ? code : 400;
      Gate.write(response, callback, status, problem(status));
    }

    private static RequestProblem problem(int status) {
      Kind kind = Kind.ofStatus(status);
      return RequestProblem.of(
          kind,
          switch (kind) {
            case HEADERS_TOO_LARGE -> "the headers of a request have at most 8192 bytes";
            case DEFECT -> "an error of the service; its log has more";
            default -> "the request is no HTTP that the service understands";
          });
    }
  }
}
