package io.github.facemask.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public API of the three libraries, a line a type and a line a member, in docs/api.txt. */
class PublicApiTest {

  private static final Path ROOT = Path.of("../..");
  private static final Path LISTED = ROOT.resolve("docs/api.txt");
  private static final int MOST_TYPES = 160;

  private static final String RENEW =
      "./mvnw -pl mask-examples/cli -am test -Dtest=PublicApiTest -Dapi.renew=true"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  /** Guava's collections are promises that nobody changes them; its other types stay inside. */
  private static final Set<String> COLLECTIONS =
      Set.of(
          "com.google.common.collect.ImmutableList",
          "com.google.common.collect.ImmutableMap",
          "com.google.common.collect.ImmutableSet");

  @Test
  void theListIsThatOfTheCode() throws IOException {
    String found = String.join("\n", lines()) + "\n";
    if (Boolean.getBoolean("api.renew")) {
      Files.writeString(LISTED, found);
    }
    assertThat(Files.readString(LISTED))
        .as("the public API changed; if it is meant to, renew docs/api.txt with '%s'", RENEW)
        .isEqualTo(found);
  }

  @Test
  void theSurfaceStaysSmall() throws IOException {
    assertThat(types().stream().filter(t -> t.getEnclosingClass().isEmpty()).count())
        .isLessThanOrEqualTo(MOST_TYPES);
  }

  @Test
  void signaturesShowNeitherJacksonNorGuava() throws IOException {
    List<String> shown = new ArrayList<>();
    for (JavaClass type : types()) {
      for (JavaMember member : members(type)) {
        for (JavaClass involved : involved(member)) {
          String name = involved.getBaseComponentType().getName();
          boolean guava = name.startsWith("com.google.common.") && !COLLECTIONS.contains(name);
          if (guava || name.startsWith("com.fasterxml.")) {
            shown.add(line(member) + " shows " + name);
          }
        }
      }
    }
    assertThat(shown).isEmpty();
  }

  private static List<JavaClass> types() throws IOException {
    JavaClasses classes =
        new ClassFileImporter()
            .importPaths(
                Stream.of("mask-core", "mask-augment", "mask-models")
                    .map(module -> ROOT.resolve(module).resolve("target/classes"))
                    .toList());
    return classes.stream()
        .filter(PublicApiTest::isPublic)
        .filter(type -> !type.getPackageName().contains(".internal"))
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .toList();
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.isAnonymousClass()
        && type.getEnclosingClass().map(PublicApiTest::isPublic).orElse(true);
  }

  private static List<JavaMember> members(JavaClass type) {
    return type.getMembers().stream()
        .filter(
            m ->
                m.getModifiers().contains(JavaModifier.PUBLIC)
                    || m.getModifiers().contains(JavaModifier.PROTECTED))
        .filter(m -> !m.getModifiers().contains(JavaModifier.SYNTHETIC))
        .filter(m -> !m.getModifiers().contains(JavaModifier.BRIDGE))
        .toList();
  }

  private static Set<JavaClass> involved(JavaMember member) {
    if (member instanceof JavaField field) {
      return field.getType().getAllInvolvedRawTypes();
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .collect(Collectors.toSet());
  }

  private static List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (JavaClass type : types()) {
      lines.add(kind(type) + " " + type.getName());
      TreeSet<String> members = new TreeSet<>();
      members(type).forEach(member -> members.add("  " + line(member)));
      lines.addAll(members);
    }
    return lines;
  }

  private static String kind(JavaClass type) {
    if (type.isEnum()) {
      return "enum";
    }
    if (type.isRecord()) {
      return "record";
    }
    return type.isInterface() ? "interface" : "class";
  }

  private static String line(JavaMember member) {
    if (member instanceof JavaField field) {
      return field.getName() + ": " + shortName(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    String arguments =
        unit.getParameterTypes().stream()
            .map(PublicApiTest::shortName)
            .collect(Collectors.joining(", ", "(", ")"));
    return unit instanceof JavaConstructor
        ? "new" + arguments
        : unit.getName() + arguments + ": " + shortName(unit.getReturnType());
  }

  /** A type without its packages. */
  private static String shortName(JavaType type) {
    if (type.toErasure().isArray()) {
      return shortName(type.toErasure().getComponentType()) + "[]";
    }
    return type.getName().replaceAll("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])", "").replace('$', '.');
  }
}
