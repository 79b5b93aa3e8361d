package io.github.facemask.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A page in {@link Chromium}. Elements are named by CSS selectors. */
public final class BrowserPage {

  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private WebSocket socket;

  private BrowserPage() {}

  static BrowserPage connect(HttpClient http, URI address) {
    BrowserPage page = new BrowserPage();
    page.socket = http.newWebSocketBuilder().buildAsync(address, page.new Listener()).join();
    for (String domain : List.of("Page", "Runtime", "Log", "DOM")) {
      page.call(domain + ".enable", Chromium.JSON.createObjectNode());
    }
    return page;
  }

  /** Puts the pieces of messages together. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        try {
          receive(Chromium.JSON.readTree(whole));
        } catch (IOException e) {
          errors.add("no JSON: " + whole);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      calls.values().forEach(call -> call.completeExceptionally(error));
    }
  }

  private void receive(JsonNode message) {
    JsonNode parameters = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown" ->
          errors.add(parameters.path("exceptionDetails").path("exception").toString());
      case "Runtime.consoleAPICalled" -> {
        if (parameters.path("type").asText().equals("error")) {
          errors.add(parameters.path("args").toString());
        }
      }
      case "Log.entryAdded" -> {
        if (parameters.path("entry").path("level").asText().equals("error")) {
          errors.add(parameters.path("entry").path("text").asText());
        }
      }
      default -> {
        CompletableFuture<JsonNode> call = calls.remove(message.path("id").asInt(-1));
        if (call != null) {
          call.complete(message);
        }
      }
    }
  }

  /**
   * Calls a method of the protocol.
   *
   * @param method for instance {@code Page.reload}
   * @param parameters its parameters
   * @return the result
   */
  public JsonNode call(String method, ObjectNode parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    calls.put(id, answer);
    ObjectNode message = Chromium.JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).join();
    try {
      JsonNode found = answer.get(Chromium.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (found.has("error")) {
        throw new AssertionError(method + ": " + found.get("error"));
      }
      return found.get("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(method + " has no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Evaluates JavaScript and waits for its promise.
   *
   * @param script an expression
   * @return its value, which must be JSON
   */
  public JsonNode eval(String script) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Chromium.JSON
                .createObjectNode()
                .put("expression", script)
                .put("awaitPromise", true)
                .put("returnByValue", true)
                .put("userGesture", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /** Waits until a condition in JavaScript holds. */
  public void waitFor(String condition) {
    long until = System.nanoTime() + Chromium.PATIENCE.toNanos();
    while (!eval("Boolean(" + condition + ")").asBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError(
            "never true: " + condition + "; the page says " + eval("document.body.innerText"));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Returns the text of the first element. */
  public String text(String selector) {
    return eval(first(selector) + ".textContent").asText();
  }

  /** Returns the texts of all elements. */
  public List<String> texts(String selector) {
    List<String> texts = new ArrayList<>();
    eval("[...document.querySelectorAll(" + quoted(selector) + ")].map(e => e.textContent)")
        .forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Returns how many elements are in sight. */
  public int shown(String selector) {
    return eval("[...document.querySelectorAll("
            + quoted(selector)
            + ")].filter(e => e.checkVisibility()).length")
        .asInt();
  }

  /** Clicks into the middle of an element with the mouse. */
  public void click(String selector) {
    double[] at = middle(selector);
    mouse("mousePressed", at[0], at[1]);
    mouse("mouseReleased", at[0], at[1]);
  }

  /** Presses the mouse in the middle of an element and lets it go elsewhere. */
  public void drag(String selector, double right, double down) {
    double[] at = middle(selector);
    mouse("mousePressed", at[0], at[1]);
    mouse("mouseMoved", at[0] + right, at[1] + down);
    mouse("mouseReleased", at[0] + right, at[1] + down);
  }

  private double[] middle(String selector) {
    JsonNode box =
        eval(
            "(e => { e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
                + " return [b.x + b.width / 2, b.y + b.height / 2]; })("
                + first(selector)
                + ")");
    return new double[] {box.get(0).asDouble(), box.get(1).asDouble()};
  }

  private void mouse(String type, double x, double y) {
    call(
        "Input.dispatchMouseEvent",
        Chromium.JSON
            .createObjectNode()
            .put("type", type)
            .put("x", x)
            .put("y", y)
            .put("button", "left")
            .put("buttons", type.equals("mouseReleased") ? 0 : 1)
            .put("clickCount", 1));
  }

  /**
   * Presses a key.
   *
   * @param key as in {@code KeyboardEvent.key}: {@code a}, {@code Tab}, {@code Enter}, {@code
   *     ArrowRight}
   */
  public void press(String key) {
    int code =
        switch (key) {
          case "Tab" -> 9;
          case "Enter" -> 13;
          case "ArrowLeft" -> 37;
          case "ArrowRight" -> 39;
          default -> 0;
        };
    ObjectNode event = Chromium.JSON.createObjectNode().put("key", key);
    if (code > 0) {
      event.put("windowsVirtualKeyCode", code);
    }
    if (key.length() == 1) {
      event.put("text", key);
    } else if (key.equals("Enter")) {
      event.put("text", "\r");
    }
    call("Input.dispatchKeyEvent", event.deepCopy().put("type", "keyDown"));
    call("Input.dispatchKeyEvent", event.put("type", "keyUp"));
  }

  /** Types text into the element that has the focus. */
  public void type(String text) {
    call("Input.insertText", Chromium.JSON.createObjectNode().put("text", text));
  }

  /** Chooses files in an input. */
  public void chooseFiles(String selector, Path... files) {
    JsonNode root = call("DOM.getDocument", Chromium.JSON.createObjectNode()).get("root");
    JsonNode input =
        call(
            "DOM.querySelector",
            Chromium.JSON
                .createObjectNode()
                .put("nodeId", root.get("nodeId").asInt())
                .put("selector", selector));
    ObjectNode parameters =
        Chromium.JSON.createObjectNode().put("nodeId", input.get("nodeId").asInt());
    addPaths(parameters.putArray("files"), files);
    call("DOM.setFileInputFiles", parameters);
  }

  /** Drops files onto an element, as from a window of files. */
  public void dropFiles(String selector, Path... files) {
    double[] at = middle(selector);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      ObjectNode parameters =
          Chromium.JSON.createObjectNode().put("type", type).put("x", at[0]).put("y", at[1]);
      ObjectNode data = parameters.putObject("data").put("dragOperationsMask", 1);
      data.putArray("items");
      addPaths(data.putArray("files"), files);
      call("Input.dispatchDragEvent", parameters);
    }
  }

  private static void addPaths(ArrayNode to, Path... files) {
    for (Path file : files) {
      to.add(file.toAbsolutePath().toString());
    }
  }

  /** Pastes a file, as after a picture was copied. */
  public void pasteFile(String name, String type, byte[] bytes) {
    JsonNode ignored =
        eval(
            "(() => { const bytes = Uint8Array.from(atob("
                + quoted(Base64.getEncoder().encodeToString(bytes))
                + "), c => c.charCodeAt(0)); const data = new DataTransfer();"
                + " data.items.add(new File([bytes], "
                + quoted(name)
                + ", {type: "
                + quoted(type)
                + "})); document.body.dispatchEvent(new ClipboardEvent('paste',"
                + " {clipboardData: data, bubbles: true, cancelable: true})); return true; })()");
    if (!ignored.asBoolean()) {
      throw new AssertionError("nothing was pasted");
    }
  }

  /** Sets the size of the window, in pixels of CSS. */
  public void resize(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Chromium.JSON
            .createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /** Chooses the light or the dark colours. */
  public void colours(String scheme) {
    ObjectNode parameters = Chromium.JSON.createObjectNode();
    parameters
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", scheme);
    call("Emulation.setEmulatedMedia", parameters);
  }

  /** Keeps downloads in a folder. */
  public void downloadTo(Path folder) {
    call(
        "Browser.setDownloadBehavior",
        Chromium.JSON
            .createObjectNode()
            .put("behavior", "allow")
            .put("downloadPath", folder.toAbsolutePath().toString()));
  }

  /** Saves a picture of the window. */
  public void screenshot(Path file) throws IOException {
    JsonNode picture = call("Page.captureScreenshot", Chromium.JSON.createObjectNode());
    Files.write(file, Base64.getDecoder().decode(picture.get("data").asText()));
  }

  /** Returns what the page has reported as errors: exceptions, console and failed requests. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  private static String first(String selector) {
    return "document.querySelector(" + quoted(selector) + ")";
  }

  private static String quoted(String text) {
    return Chromium.JSON.valueToTree(text).toString();
  }

  void close() {
    socket.abort();
  }
}
