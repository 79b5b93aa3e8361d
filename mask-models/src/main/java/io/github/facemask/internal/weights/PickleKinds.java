package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.pickle.PickleDict;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.internal.pickle.PickleObject;
import io.github.facemask.internal.pickle.PickleSequence;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Names pickles that hold no weights of PyTorch. */
final class PickleKinds {

  /** Where classes of networks are defined. */
  private static final ImmutableList<String> MODULES =
      ImmutableList.of(
          "torch.nn.modules.", "torchvision.models.", "timm.", "transformers.", "torchvision.ops.");

  private static final String PADDLE = "StructuredToParameterName@@";

  private static final String SAVE_STATE =
      "load it in Python, where its code is known, and save model.state_dict()";

  private PickleKinds() {}

  /** Returns the exception of a pickle that is malformed or names a class. */
  static IOException refused(Path file, PickleException e) {
    String name = e.refused();
    if (!name.isEmpty() && isModule(name, e.isFirst())) {
      return new InvalidFileException(
          file,
          Problem.saying(
                  "is a whole pickled module: it names the class "
                      + PickleException.quote(name)
                      + ", which was refused and nothing was run")
              .withExpected("a state_dict")
              .withRemedy(SAVE_STATE),
          e);
    }
    Problem problem = Problem.saying("is no PyTorch file of weights: its pickle " + e.getMessage());
    return new InvalidFileException(
        file, name.isEmpty() ? problem : problem.withRemedy(SAVE_STATE), e);
  }

  /** Returns the exception of a pickle that is not of PyTorch. */
  static IOException noTorchFile(Path file, Object root) {
    if (root instanceof PickleDict dict && dict.entries().containsKey(PADDLE)) {
      return new InvalidFileException(
          file,
          Problem.saying("holds parameters of PaddlePaddle (.pdparams)")
              .withExpected("weights of PyTorch")
              .withRemedy("convert them to numpy arrays in Python and save them with safetensors"));
    }
    if (root instanceof PickleDict dict
        && dict.entries().values().stream().anyMatch(PickleKinds::isArray)) {
      return new InvalidFileException(
          file,
          Problem.saying("is a pickle of numpy arrays")
              .withExpected("weights of PyTorch")
              .withRemedy("convert them in Python and save them with torch.save or safetensors"));
    }
    return InvalidFileException.of(
        file, "is a pickle without PyTorch's magic number", "one of torch.save");
  }

  /** Returns what a tensor is that has no plain values, for instance "quantized"; or null. */
  static String unusual(Object value) {
    if (value instanceof PickleSequence sequence && sequence.kind() == PickleSequence.Kind.TUPLE) {
      for (Object element : sequence.elements()) {
        if (element instanceof PickleObject object && unusual(object) != null) {
          return unusual(object);
        }
      }
    }
    if (value instanceof PickleObject object) {
      return switch (object.name()) {
        case "torch._utils._rebuild_qtensor" -> "quantized";
        case "torch._utils._rebuild_sparse_tensor" -> "sparse";
        case "torch._utils._rebuild_meta_tensor_no_storage" -> "on the meta device, without values";
        default -> null;
      };
    }
    return null;
  }

  private static boolean isArray(Object value) {
    return value instanceof PickleObject object && object.name().startsWith("numpy.");
  }

  private static boolean isModule(String name, boolean first) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    boolean isClass = !last.isEmpty() && Character.isUpperCase(last.charAt(0));
    return isClass && (first || MODULES.stream().anyMatch(name::startsWith));
  }

  /** The names of the states of an optimizer. */
  static final Set<String> OPTIMIZER_STATES =
      Set.of(
          "step",
          "exp_avg",
          "exp_avg_sq",
          "max_exp_avg_sq",
          "momentum_buffer",
          "square_avg",
          "grad_avg",
          "slow_buffer");
}
