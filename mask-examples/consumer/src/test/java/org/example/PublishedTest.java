package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/** What is published is what a repository and its users ask for. */
class PublishedTest {

  /** Licences that let a program be passed on under its own terms. */
  private static final Set<String> PERMISSIVE =
      Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause");

  static List<Published> libraries() {
    return Published.LIBRARIES;
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aPomSaysWhatMavenCentralAsksFor(Published library) throws Exception {
    Element pom = library.pom();
    Element parent = Published.PARENT.pom();

    assertThat(Published.text(pom, "name")).isPresent();
    assertThat(Published.text(pom, "description")).isPresent();
    assertThat(Published.text(pom, "parent", "artifactId")).contains("facemask");
    assertThat(Published.text(parent, "url")).hasValueSatisfying(u -> u.startsWith("https://"));
    assertThat(Published.text(parent, "licenses", "license", "name")).contains("Apache-2.0");
    assertThat(Published.text(parent, "licenses", "license", "url")).isPresent();
    assertThat(Published.text(parent, "developers", "developer", "name")).isPresent();
    for (String place : List.of("connection", "developerConnection", "url")) {
      assertThat(Published.text(parent, "scm", place)).as(place).isPresent();
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aPomForcesNoNativesOnItsUsers(Published library) throws Exception {
    for (Element all : Published.children(library.pom(), "dependencies")) {
      for (Element dependency : Published.children(all, "dependency")) {
        if (!Published.text(dependency, "scope").equals(Optional.of("test"))) {
          String name = Published.text(dependency, "artifactId").orElseThrow();
          assertThat(Published.text(dependency, "classifier")).as(name).isEmpty();
          assertThat(name).doesNotContain("native").doesNotContain("platform");
        }
      }
    }
    for (JsonNode component : library.components()) {
      assertThat(component.path("purl").asText())
          .doesNotContain("classifier=")
          .doesNotContain("native")
          .doesNotContain("-platform");
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void noDependencyIsASnapshot(Published library) throws Exception {
    assertThat(library.components()).isNotEmpty();
    for (JsonNode component : library.components()) {
      assertThat(component.path("version").asText()).doesNotEndWith("SNAPSHOT");
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void eachClassHasItsSource(Published library) throws Exception {
    TreeSet<String> sources = library.entries("-sources.jar");
    List<String> classes =
        library.entries(".jar").stream()
            .filter(e -> e.endsWith(".class") && !e.contains("$"))
            .map(e -> e.replace(".class", ".java"))
            .toList();

    assertThat(classes).isNotEmpty();
    assertThat(sources).containsAll(classes);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void javadocIsThere(Published library) throws Exception {
    String page =
        switch (library.artifact()) {
          case "mask-core" -> "training/Training.html";
          case "mask-augment" -> "loader/PhotoLoader.html";
          default -> "classify/FaceClassifier.html";
        };

    assertThat(library.entries("-javadoc.jar"))
        .contains("index.html", "io/github/facemask/" + page);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aJarDoesNotTellWhenItWasMade(Published library) throws Exception {
    for (String ending : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
      try (ZipFile jar = new ZipFile(library.file(ending).toFile())) {
        assertThat(jar.stream().map(e -> e.getTimeLocal().toLocalDate()).distinct())
            .as(ending)
            .containsExactly(LocalDate.parse("2026-01-01"));
      }
    }
  }

  @Test
  void theJarsAreModulesThatShareNoPackage() {
    Path[] jars =
        Published.LIBRARIES.stream().map(p -> p.file(".jar")).toArray(Path[]::new);
    Set<ModuleReference> found = ModuleFinder.of(jars).findAll();

    assertThat(found.stream().map(m -> m.descriptor().name()))
        .containsExactlyInAnyOrder(
            "io.github.facemask.core", "io.github.facemask.augment", "io.github.facemask.models");
    List<String> packages =
        found.stream().flatMap(m -> m.descriptor().packages().stream()).toList();
    assertThat(packages).doesNotHaveDuplicates();
  }

  @Test
  void eachDependencyIsListedWithItsLicence() throws Exception {
    TreeMap<String, String> rows = new TreeMap<>();
    for (Published library : Published.LIBRARIES) {
      for (JsonNode component : library.components()) {
        List<String> licences = licences(component);
        assertThat(licences).as(component.path("purl").asText()).containsAnyElementsOf(PERMISSIVE);
        String name = component.path("group").asText() + ":" + component.path("name").asText();
        rows.put(
            name,
            "| `%s` | %s | %s |"
                .formatted(
                    name, component.path("version").asText(), String.join(" or ", licences)));
      }
    }
    String page = Files.readString(Path.of(System.getProperty("facemask.licences")));

    List<String> listed =
        Arrays.stream(page.split("\n"))
            .dropWhile(line -> !line.startsWith("## Libraries"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(listed)
        .as("docs/licences.md is to hold exactly%n%s", String.join("\n", rows.values()))
        .containsExactlyElementsOf(rows.values());
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aUserGetsTheVersionsThatTheBillOfMaterialsNames(Published library) throws Exception {
    String classPath = System.getProperty("java.class.path");
    for (JsonNode component : library.components()) {
      assertThat(classPath)
          .contains(
              "/"
                  + component.path("name").asText()
                  + "-"
                  + component.path("version").asText()
                  + ".jar");
    }
  }

  private static List<String> licences(JsonNode component) {
    return component.path("licenses").findParents("license").stream()
        .map(l -> l.path("license"))
        .map(l -> l.path("id").asText(l.path("name").asText()))
        .sorted()
        .toList();
  }
}
