package org.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The files of an installed artifact.
 *
 * @param artifact its id
 */
record Published(String artifact) {

  static final List<Published> LIBRARIES =
      List.of(
          new Published("mask-core"), new Published("mask-augment"), new Published("mask-models"));
  static final Published PARENT = new Published("facemask");
  static final String VERSION = System.getProperty("facemask.version");

  Path file(String ending) {
    return Path.of(System.getProperty("facemask.published"))
        .resolve(artifact)
        .resolve(VERSION)
        .resolve(artifact + "-" + VERSION + ending);
  }

  /** Returns the root of the pom. */
  Element pom() throws Exception {
    Document read =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file(".pom").toFile());
    return read.getDocumentElement();
  }

  /** Returns the components of the bill of materials, facemask's own left out. */
  List<JsonNode> components() throws IOException {
    List<JsonNode> foreign = new ArrayList<>();
    for (JsonNode each :
        new ObjectMapper().readTree(file("-cyclonedx.json").toFile()).path("components")) {
      if (!each.path("group").asText().equals("io.github.facemask")) {
        foreign.add(each);
      }
    }
    return foreign;
  }

  /** Returns the entries of a jar, folders left out. */
  TreeSet<String> entries(String ending) throws IOException {
    try (ZipFile jar = new ZipFile(file(ending).toFile())) {
      TreeSet<String> names = new TreeSet<>();
      jar.stream().filter(e -> !e.isDirectory()).forEach(e -> names.add(e.getName()));
      return names;
    }
  }

  @Override
  public String toString() {
    return artifact;
  }

  /** Returns the child elements of a name. */
  static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  /** Returns the text at a path of element names, the first of each. */
  static Optional<String> text(Element from, String... path) {
    Optional<Element> at = Optional.of(from);
    for (String name : path) {
      at = at.flatMap(e -> children(e, name).stream().findFirst());
    }
    return at.map(e -> e.getTextContent().strip()).filter(t -> !t.isEmpty());
  }
}
