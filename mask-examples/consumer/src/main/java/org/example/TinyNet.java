package org.example;

import io.github.facemask.backbone.BackboneProvider;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Sequential;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.util.ArrayList;
import java.util.List;

/** A backbone of four convolutions, each halving the sides: it trains in seconds. */
public final class TinyNet implements BackboneProvider {

  @Override
  public String architecture() {
    return "tinynet";
  }

  @Override
  public Preprocessing preprocessing() {
    return new Preprocessing(
        64,
        64,
        Preprocessing.IMAGENET_MEAN,
        Preprocessing.IMAGENET_STD,
        Interpolation.BICUBIC,
        1,
        CropMode.CENTER);
  }

  @Override
  public Network network(int classes, Preprocessing preprocessing) {
    List<Layer> layers = new ArrayList<>();
    int channels = 3;
    for (int width : new int[] {16, 32, 64, 128}) {
      layers.add(
          Sequential.of(
              "layer" + (layers.size() + 1),
              Conv2d.of("conv", channels, width, 3, 2),
              BatchNorm2d.of("bn", width),
              new Activation("act", Kind.RELU)));
      channels = width;
    }
    layers.add(new GlobalAveragePool("pool"));
    layers.add(new Linear("fc", channels, classes, true));
    return new Network(architecture(), Sequential.of("", layers), classes, preprocessing);
  }
}
