package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.internal.pickle.PickleGlobal;
import io.github.facemask.internal.pickle.PickleNone;
import io.github.facemask.internal.pickle.PickleSequence;
import io.github.facemask.internal.pickle.PickleTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Python types of checkpoints. Storages and tensors become descriptions ({@link TorchStorage},
 * {@link TorchTensor}). Data that is not needed for weights becomes opaque. Everything else is
 * refused.
 */
final class TorchTypes implements PickleTypes {

  /** More dimensions than any weight has. */
  private static final int RANK_LIMIT = 16;

  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String TENSOR_OF_TYPE = "torch._utils._rebuild_tensor_v3";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final String PARAMETER_WITH_STATE = "torch._utils._rebuild_parameter_with_state";
  private static final String SUBCLASS = "torch._tensor._rebuild_from_type_v2";
  private static final ImmutableSet<String> BUILT =
      ImmutableSet.of(TENSOR, TENSOR_OF_TYPE, PARAMETER, PARAMETER_WITH_STATE, SUBCLASS);

  /** Data classes. Their constructors are never called; only their data is kept. */
  private static final ImmutableSet<String> OPAQUE =
      ImmutableSet.of(
          "argparse.Namespace",
          "types.SimpleNamespace",
          "yacs.config.CfgNode",
          "easydict.EasyDict",
          "omegaconf.dictconfig.DictConfig",
          "omegaconf.listconfig.ListConfig",
          "omegaconf.base.ContainerMetadata",
          "omegaconf.base.Metadata",
          "omegaconf.nodes.AnyNode",
          "typing.Any",
          "pathlib.Path",
          "pathlib.PosixPath",
          "pathlib.WindowsPath",
          "pathlib.PurePosixPath",
          "datetime.datetime",
          "datetime.timedelta",
          "numpy.dtype",
          "numpy.ndarray",
          "numpy.core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "numpy._core.multiarray._reconstruct",
          "numpy._core.numeric._frombuffer",
          "numpy.core.numeric._frombuffer",
          "torch.per_tensor_affine",
          "torch.per_channel_affine",
          "torch.per_channel_affine_float_qparams",
          "torch.Size",
          "torch.device",
          "torch.Tensor",
          "torch.nn.parameter.Parameter",
          "torch.serialization._get_layout",
          "torch._utils._rebuild_sparse_tensor",
          "torch._utils._rebuild_qtensor",
          "torch._utils._rebuild_meta_tensor_no_storage");

  /** The allowed data types; not all can be read. */
  private static final ImmutableSet<String> DTYPES =
      ImmutableSet.<String>builder()
          .addAll(TorchStorage.TYPES.keySet())
          .add("complex32", "complex64", "complex128")
          .add("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz")
          .add("qint8", "quint8", "qint32", "quint4x2", "quint2x4")
          .build();

  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  /** Returns the whole storages by key. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  @Override
  public Treatment treatment(String name) {
    if (BUILT.contains(name) || storageType(name) != null) {
      return Treatment.BUILT;
    }
    boolean dtype = name.startsWith("torch.") && DTYPES.contains(name.substring(6));
    return dtype || OPAQUE.contains(name) ? Treatment.OPAQUE : Treatment.REFUSED;
  }

  @Override
  public Object build(String name, List<Object> arguments) throws PickleException {
    switch (name) {
      case TENSOR, TENSOR_OF_TYPE -> {
        return tensor(name, arguments);
      }
      case PARAMETER, PARAMETER_WITH_STATE -> {
        return argument(name, arguments, 0, TorchTensor.class);
      }
      case SUBCLASS -> {
        String function = argument(name, arguments, 0, PickleGlobal.class).name();
        if (!function.equals(TENSOR) && !function.equals(TENSOR_OF_TYPE)) {
          throw new PickleException("rebuilds a tensor by " + PickleException.quote(function));
        }
        return tensor(function, argument(name, arguments, 2, PickleSequence.class).elements());
      }
      default -> throw new PickleException("calls " + PickleException.quote(name));
    }
  }

  @Override
  public Object persistent(Object id) throws PickleException {
    String what = "a storage";
    if (!(id instanceof PickleSequence sequence)
        || sequence.elements().isEmpty()
        || !"storage".equals(sequence.elements().get(0))) {
      throw new PickleException("has a persistent id that is no storage");
    }
    List<Object> parts = sequence.elements();
    String dtype = storageType(argument(what, parts, 1, PickleGlobal.class).name());
    if (dtype == null) {
      throw new PickleException("has a storage of a type that is no storage class");
    }
    String key = argument(what, parts, 2, String.class);
    long elements = argument(what, parts, 4, Long.class);
    TorchStorage whole = TorchStorage.of(key, dtype, elements, 0, elements);
    TorchStorage known = storages.putIfAbsent(key, whole);
    if (known != null && !known.equals(whole)) {
      throw new PickleException(
          "describes storage " + PickleException.quote(key) + " in two different ways");
    }
    if (parts.size() < 6 || parts.get(5) == PickleNone.NONE) {
      return known != null ? known : whole;
    }
    List<Object> view = argument(what, parts, 5, PickleSequence.class).elements();
    long begin = argument(what, view, 1, Long.class);
    return TorchStorage.of(key, dtype, elements, begin, argument(what, view, 2, Long.class));
  }

  private static TorchTensor tensor(String name, List<Object> arguments) throws PickleException {
    TorchStorage storage = argument(name, arguments, 0, TorchStorage.class);
    long offset = argument(name, arguments, 1, Long.class);
    long[] sizes = numbers(name, arguments, 2);
    long[] strides = numbers(name, arguments, 3);
    if (sizes.length != strides.length) {
      throw new PickleException(
          "has a tensor of " + sizes.length + " sizes and " + strides.length + " strides");
    }
    String dtype = storage.dtype();
    if (name.equals(TENSOR_OF_TYPE)) {
      dtype = argument(name, arguments, 6, PickleGlobal.class).name().replace("torch.", "");
    }
    return new TorchTensor(storage, dtype, offset, sizes, strides);
  }

  private static long[] numbers(String name, List<Object> arguments, int index)
      throws PickleException {
    List<Object> elements = argument(name, arguments, index, PickleSequence.class).elements();
    if (elements.size() > RANK_LIMIT) {
      throw new PickleException("has a tensor of " + elements.size() + " dimensions");
    }
    long[] numbers = new long[elements.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = argument(name, elements, i, Long.class);
    }
    return numbers;
  }

  private static <T> T argument(String name, List<Object> arguments, int index, Class<T> type)
      throws PickleException {
    Object value = index < arguments.size() ? arguments.get(index) : null;
    if (!type.isInstance(value)) {
      throw new PickleException(
          "calls "
              + name
              + " with argument "
              + index
              + " that is "
              + (value == null ? "missing" : "a " + value.getClass().getSimpleName())
              + ", expected a "
              + type.getSimpleName());
    }
    return type.cast(value);
  }

  private static String storageType(String name) {
    for (String module : List.of("torch.storage.", "torch.cuda.", "torch.")) {
      if (name.startsWith(module)) {
        String dtype = TorchStorage.CLASSES.get(name.substring(module.length()));
        if (dtype != null) {
          return dtype;
        }
      }
    }
    return null;
  }
}
