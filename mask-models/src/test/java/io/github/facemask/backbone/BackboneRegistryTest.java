package io.github.facemask.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Iterators;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Sequential;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackboneRegistryTest {

  /** An architecture under any name. */
  private record Named(String architecture) implements BackboneProvider {

    @Override
    public Preprocessing preprocessing() {
      return Backbones.get("resnet18").preprocessing();
    }

    @Override
    public Network network(int classes, Preprocessing preprocessing) {
      Sequential layers = Sequential.of("", new Linear("fc", 3, classes, true));
      return new Network(architecture, layers, classes, preprocessing);
    }
  }

  /** An architecture whose code fails. */
  private static final class Failing implements BackboneProvider {

    @Override
    public String architecture() {
      throw new IllegalStateException("no licence");
    }

    @Override
    public Preprocessing preprocessing() {
      return Backbones.get("resnet18").preprocessing();
    }

    @Override
    public Network network(int classes, Preprocessing preprocessing) {
      throw new AssertionError("it has no name");
    }
  }

  private static BackboneRegistry with(BackboneProvider... providers) {
    return new BackboneRegistry(() -> Iterators.forArray(providers));
  }

  @Test
  void whatComesAlongAsksNoProvider() {
    BackboneRegistry registry =
        new BackboneRegistry(
            () -> {
              throw new AssertionError("providers were asked");
            });

    assertThat(registry.get("resnet18").architecture()).isEqualTo("resnet18");
    assertThat(registry.get("tf_efficientnet_b4_ns").architecture())
        .isEqualTo("tf_efficientnet_b4");
  }

  @Test
  void anOwnArchitectureIsFoundAndListed() {
    BackboneRegistry registry = with(new Named("tiny"));

    assertThat(registry.get("Tiny").network().architecture()).isEqualTo("tiny");
    assertThat(registry.get("tiny.own").pretrained().hubId()).isEmpty();
    assertThat(registry.names()).contains("resnet18", "tiny");
    assertThat(registry.pretrained()).extracting(PretrainedSource::architecture).contains("tiny");
  }

  @Test
  void everyArchitectureHasPublishedWeights() {
    BackboneRegistry registry = with();

    assertThat(registry.pretrained())
        .extracting(PretrainedSource::architecture)
        .hasSameElementsAs(registry.names());
  }

  @Test
  void badProvidersDisturbNoOther() {
    BackboneRegistry registry =
        with(new Named("My Net"), new Failing(), new Named("resnet18"), new Named("tiny"));

    assertThat(registry.get("resnet18").network().tensors()).hasSizeGreaterThan(100);
    assertThat(registry.get("tiny").architecture()).isEqualTo("tiny");
  }

  @Test
  void badProvidersAreNamedWhereTheyAreMissed() {
    BackboneRegistry registry = with(new Named("My Net"), new Failing(), new Named("resnet18"));

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> registry.get("my net"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("backbone is my net")
          .hasMessageContaining(Named.class.getName() + " names its architecture 'My Net'")
          .hasMessageContaining("correct the name")
          .hasMessageContaining(Failing.class.getName() + " fails with")
          .hasMessageContaining("no licence")
          .hasMessageContaining("'resnet18', which is taken; choose another name");
    }
    assertThatThrownBy(registry::names)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(Failing.class.getName());
    assertThatThrownBy(registry::pretrained).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aServiceWithoutItsClassIsNamed(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(BackboneProvider.class.getName()), "org.example.MissingNet\n");
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      BackboneRegistry registry =
          new BackboneRegistry(() -> ServiceLoader.load(BackboneProvider.class, loader).iterator());

      assertThat(registry.get("resnet18").architecture()).isEqualTo("resnet18");
      assertThatThrownBy(() -> registry.get("missing_net"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("org.example.MissingNet")
          .hasMessageContaining("META-INF/services");
    }
  }
}
