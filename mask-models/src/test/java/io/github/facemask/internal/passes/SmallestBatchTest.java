package io.github.facemask.internal.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallestBatchTest {

  /**
   * What PyTorch 2.7.1 with timm 1.0.31 does with a batch of one photo in training: 2 where it
   * raises "Expected more than 1 value per channel when training".
   */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 16, 2",
    "resnet18, 31, 2",
    "resnet18, 32, 2",
    "resnet18, 33, 1",
    "resnet18, 64, 1",
    "tf_efficientnet_b4, 16, 2",
    "tf_efficientnet_b4, 32, 2",
    "tf_efficientnet_b4, 33, 1",
    "tf_efficientnet_b4, 64, 1"
  })
  void isThatOfPyTorch(String name, int size, int expected) {
    assertThat(Backbones.get(name).withInputSize(size, size).smallestBatch()).isEqualTo(expected);
  }

  @Test
  void networksWithoutBatchNormLearnFromOnePhoto() {
    assertThat(Backbones.get("vit_base_r50_s16_384").smallestBatch()).isEqualTo(1);
    assertThat(Backbones.get("swin_base_patch4_window12_384").smallestBatch()).isEqualTo(1);
  }

  @Test
  void frozenNormsDoNotCount() {
    Backbone resnet = Backbones.get("resnet18").withInputSize(32, 32);

    assertThat(resnet.withFrozenStages(4).smallestBatch()).isEqualTo(2);
    assertThat(resnet.withFrozenStages(5).smallestBatch()).isEqualTo(1);
    assertThat(resnet.withFrozenStages(5).withUnfreezing(1).smallestBatch()).isEqualTo(2);
  }
}
