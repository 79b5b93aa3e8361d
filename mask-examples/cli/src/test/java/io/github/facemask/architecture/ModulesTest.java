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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The borders of docs/architecture.md, checked on the classes and the sources. */
class ModulesTest {

  private static final Path ROOT = Path.of("../..");

  /** The chain: each sees only those before it. */
  private static final List<String> MODULES =
      List.of(
          "mask-core",
          "mask-augment",
          "mask-models",
          "mask-examples/lab",
          "mask-examples/serve",
          "mask-examples/cli");

  private static final List<String> LIBRARIES = MODULES.subList(0, 3);

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.github.facemask");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.github.facemask.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void aModuleSeesOnlyThoseBeforeIt() throws IOException {
    for (int i = 0; i + 1 < MODULES.size(); i++) {
      List<String> later = new ArrayList<>();
      for (String module : MODULES.subList(i + 1, MODULES.size())) {
        later.addAll(packages(module));
      }
      noClasses()
          .that()
          .resideInAnyPackage(packages(MODULES.get(i)).toArray(String[]::new))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later.toArray(String[]::new))
          .check(CLASSES);
    }
  }

  @Test
  void freeMarkerIsForTheLabAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.facemask.lab..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("freemarker..")
        .check(CLASSES);
  }

  @Test
  void theHttpServerIsForTheServiceAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.facemask.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "io.micrometer..")
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

  private static Set<String> internalPackages() throws IOException {
    Set<String> internal = new TreeSet<>();
    for (String module : LIBRARIES) {
      packages(module).stream().filter(p -> p.contains(".internal.")).forEach(internal::add);
    }
    return internal;
  }

  private static boolean visible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isOfLibraries(JavaClass type) throws IOException {
    for (String module : LIBRARIES) {
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
