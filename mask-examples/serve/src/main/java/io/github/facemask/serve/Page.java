package io.github.facemask.serve;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import java.io.IOException;

/** The files of the page and the description of the API, kept in memory. */
final class Page {

  /** A file and its content type. */
  static final class Asset {
    private final byte[] bytes;
    private final String contentType;

    private Asset(byte[] bytes, String contentType) {
      this.bytes = bytes;
      this.contentType = contentType;
    }

    byte[] bytes() {
      return bytes;
    }

    String contentType() {
      return contentType;
    }
  }

  private Page() {}

  /** Returns the files by the path that they are served at. */
  static ImmutableMap<String, Asset> assets() throws IOException {
    return ImmutableMap.of(
        "/", asset("page.html", "text/html; charset=utf-8"),
        "/page.css", asset("page.css", "text/css; charset=utf-8"),
        "/page.js", asset("page.js", "text/javascript; charset=utf-8"),
        "/icon.svg", asset("icon.svg", "image/svg+xml"),
        "/openapi.json", asset("openapi.json", "application/json"));
  }

  private static Asset asset(String name, String contentType) throws IOException {
    return new Asset(Resources.toByteArray(Resources.getResource(Page.class, name)), contentType);
  }
}
