package io.github.facemask.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The borders of docs/architecture.md, checked on the classes and the sources. */
class ModulesTest {

  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES = List.of("mask-core", "mask-augment", "mask-models");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.github.facemask");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.github.facemask.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void coreSeesNoOtherModule() throws IOException {
    String[] others =
        Stream.concat(packages("mask-augment").stream(), packages("mask-models").stream())
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage(packages("mask-core").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(CLASSES);
  }

  @Test
  void augmentAndModelsDoNotSeeEachOther() throws IOException {
    String[] augment = packages("mask-augment").toArray(String[]::new);
    String[] models = packages("mask-models").toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage(augment)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(models)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(models)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(augment)
        .check(CLASSES);
  }

  @Test
  void noPackageIsInTwoModules() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (String module : MODULES) {
      for (String name : packages(module)) {
        assertThat(seen.add(name))
            .as("%s is also in another module than %s", name, module)
            .isTrue();
      }
    }
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    for (String module : MODULES) {
      for (String name : packages(module)) {
        Path info =
            ROOT.resolve(module)
                .resolve("src/main/java")
                .resolve(name.replace('.', '/'))
                .resolve("package-info.java");
        assertThat(info).exists();
        assertThat(Files.readString(info)).contains("/**");
      }
    }
  }

  @Test
  void everyPackageIsInTheTableOfTheArchitecture() throws IOException {
    String table = Files.readString(ROOT.resolve("docs/architecture.md"));
    for (String module : MODULES) {
      for (String name : packages(module)) {
        String shortName = name.substring("io.github.facemask.".length());
        assertThat(table).as(module).contains("| `" + shortName + "` |");
      }
    }
  }

  @Test
  void nothingPublicNamesAnInternalType() throws IOException {
    Set<String> internal = internalPackages();
    for (JavaClass type : CLASSES) {
      if (visible(type.getModifiers()) && isOfLibraries(type) && !isIn(internal, type)) {
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          if (visible(unit.getModifiers())) {
            assertThat(named(unit)).as(unit.getFullName()).noneMatch(t -> isIn(internal, t));
          }
        }
      }
    }
  }

  @Test
  void theComparisonOfVersionsLeavesInternalPackagesOut() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    Set<String> excluded =
        Pattern.compile("<exclude>(io\\.github\\.facemask\\.[a-z.]+)</exclude>")
            .matcher(pom)
            .results()
            .map(r -> r.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(excluded).isEqualTo(internalPackages());
  }

  private static Set<String> internalPackages() throws IOException {
    return Pattern.compile("\\| `([a-z.]+)` \\| \\*internal:\\*")
        .matcher(Files.readString(ROOT.resolve("docs/architecture.md")))
        .results()
        .map(r -> "io.github.facemask." + r.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean visible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isOfLibraries(JavaClass type) throws IOException {
    for (String module : MODULES) {
      if (packages(module).contains(type.getPackageName())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isIn(Set<String> names, JavaClass type) {
    return names.contains(type.getBaseComponentType().getPackageName());
  }

  private static List<JavaClass> named(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .toList();
  }

  private static Set<String> packages(String module) throws IOException {
    Path sources = ROOT.resolve(module).resolve("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(f -> sources.relativize(f.getParent()).toString().replace('/', '.'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
