package io.github.facemask.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.hub.Hub;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.serve.FaceService;
import io.github.facemask.tensor.Precision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Readers of what comes over the network: requests of the service, and answers of a hub. */
final class Services implements AutoCloseable {

  private final Deque<Closing> open = new ArrayDeque<>();

  /** Ends something. */
  @FunctionalInterface
  private interface Closing {
    void close() throws IOException;
  }

  /** Finds a face in the middle of every photo. */
  private record InTheMiddle() implements FaceDetector {
    @Override
    public List<Detection> detect(Pixels photo) {
      double width = photo.width();
      double height = photo.height();
      return width < 8 || height < 8
          ? List.of()
          : List.of(
              new Detection(
                  new Box(width / 4, height / 4, 3 * width / 4, 3 * height / 4), 0.75, "middle"));
    }

    @Override
    public FaceCropSettings.Detector settings() {
      return new FaceCropSettings.Detector("middle", "", Map.of());
    }
  }

  /** Returns readers that send a file as a request. */
  List<Reader> requests(Path folder, byte[] photo) throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    Path model = folder.resolve("served");
    ModelFolder.write(
        model,
        network,
        Initialization.random(network, 3),
        new ModelOrigin(
            new RunId("run"), Digest.ofText("t"), Digest.ofText("v"), ImmutableList.of("a"), 1));
    FaceClassifier classifier =
        FaceClassifier.builder(model)
            .optPrecision(Precision.FLOAT32)
            .optFaceSearch(FaceCrop.by(new InTheMiddle()))
            .open();
    open.push(classifier::close);
    FaceService service =
        FaceService.builder(classifier).optPort(0).optBatchWait(Duration.ZERO).start();
    open.push(service::close);
    int port = service.uri().getPort();
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (String name : List.of("a.jpg", "b.jpg")) {
      form.writeBytes(
          ("--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\""
                  + name
                  + "\"\r\nContent-Type: image/jpeg\r\n\r\n")
              .getBytes(ISO_8859_1));
      form.writeBytes(photo);
      form.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    form.writeBytes("--edge--\r\n".getBytes(ISO_8859_1));
    Path page = folder.resolve("page.request");
    Files.write(page, request("GET", "/v1/model?x=%41&y=", "text/plain", new byte[0]));
    Path upload = folder.resolve("form.request");
    Files.write(
        upload,
        request("POST", "/v1/faces", "multipart/form-data; boundary=edge", form.toByteArray()));
    Path map = folder.resolve("map.request");
    Files.write(map, request("POST", "/v1/heatmap?face=0&squares=2", "image/jpeg", photo));
    return List.of(
        Reader.text("request of a page", page, file -> send(port, file)),
        Reader.text("request with a form", upload, file -> send(port, file)).withShare(0.5),
        Reader.text("request of a heat map", map, file -> send(port, file)).withShare(0.2));
  }

  private static byte[] request(String method, String path, String type, byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        (method
                + " "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length
                + "\r\nAccept: */*\r\nConnection: close\r\n\r\n")
            .getBytes(ISO_8859_1));
    request.writeBytes(body);
    return request.toByteArray();
  }

  /** Sends a file as it is; an answer that refuses it, or none, counts as an exception. */
  private static void send(int port, Path file) throws IOException {
    String answer;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      try {
        socket.getOutputStream().write(Files.readAllBytes(file));
        socket.shutdownOutput();
      } catch (SocketException e) {
        // It was refused before its end.
      }
      answer = answer(socket.getInputStream());
    }
    if (answer.isEmpty()) {
      throw new IOException(file + ": has no answer");
    }
    int status = Integer.parseInt(answer.split("[ \r]", 3)[1]);
    if (status >= 500) {
      throw new IllegalStateException("the service answers " + answer);
    }
    if (status >= 400) {
      throw new IOException(file + ": is refused with status " + status);
    }
  }

  private static String answer(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[1 << 13];
    try {
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        all.write(some, 0, read);
      }
    } catch (SocketException e) {
      // The connection was reset; what came is the answer.
    }
    return all.toString(ISO_8859_1);
  }

  /** Returns a reader that downloads from a hub whose answer is the file. */
  Reader hub(Hub.Artifact artifact, Path folder, byte[] content) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.push(server::close);
    String here = "http://127.0.0.1:" + server.getLocalPort();
    Path file = folder.resolve("hub.answer");
    Files.writeString(
        file,
        "HTTP/1.1 302 Found\r\nX-Repo-Commit: 0123456789abcdef0123456789abcdef01234567\r\n"
            + "X-Linked-Etag: \""
            + Digest.ofBytes(content).hex()
            + "\"\r\nX-Linked-Size: "
            + content.length
            + "\r\nLocation: "
            + here
            + "/content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    Thread thread = new Thread(() -> answerAll(server, file, content), "hostile-hub");
    thread.setDaemon(true);
    thread.start();
    Path cache = folder.resolve("downloads");
    Map<String, String> environment =
        Map.of(
            "HF_HUB_CACHE",
            cache.toString(),
            "TORCH_HOME",
            folder.resolve("torch").toString(),
            "HF_ENDPOINT",
            "http://localhost:" + server.getLocalPort(),
            "HF_HUB_DOWNLOAD_TIMEOUT",
            "1");
    return Reader.text(
        "answer of a hub",
        file,
        answer -> {
          if (Files.exists(cache)) {
            MoreFiles.deleteRecursively(cache, RecursiveDeleteOption.ALLOW_INSECURE);
          }
          try {
            Hub.of(environment).locate(artifact);
          } catch (IOException e) {
            throw new IOException(answer + ": " + e.getMessage(), e);
          }
        });
  }

  private static void answerAll(ServerSocket server, Path file, byte[] content) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(2_000);
        boolean head = asksForHead(socket.getInputStream());
        if (head) {
          socket.getOutputStream().write(Files.readAllBytes(file));
        } else {
          socket
              .getOutputStream()
              .write(
                  ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                          + content.length
                          + "\r\n\r\n")
                      .getBytes(ISO_8859_1));
          socket.getOutputStream().write(content);
        }
      } catch (IOException e) {
        // The client is gone, or the server is closed.
      }
    }
  }

  /** Reads the head of a request. */
  private static boolean asksForHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int c = in.read(); c >= 0 && head.indexOf("\r\n\r\n") < 0; c = in.read()) {
      head.append((char) c);
      if (head.length() >= 4 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
        break;
      }
    }
    return head.indexOf("HEAD ") == 0;
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
