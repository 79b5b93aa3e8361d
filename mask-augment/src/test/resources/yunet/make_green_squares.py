"""Makes green_squares.onnx: a network with the inputs and outputs of OpenCV's FaceDetectorYN (YuNet) that finds green squares.

A cell of 32 x 32 pixels is a face as far as its green exceeds the mean of red and blue; its box is the cell. So a test
sees the coordinates, the order of the channels and the scores, without a trained network. Needs onnx and numpy.
"""
import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

nodes, constants, outputs, means = [], [], [], set()


def constant(name, values):
    constants.append(numpy_helper.from_array(numpy.asarray(values), name))
    return name


def convolution(name, stride, weights, bias):
    """(1, 3, H, W) BGR -> (1, cells, C), a value of each cell for each row of weights."""
    if f"mean_{stride}" not in means:
        means.add(f"mean_{stride}")
        nodes.append(helper.make_node("AveragePool", ["input"], [f"mean_{stride}"], kernel_shape=[stride, stride],
                                      strides=[stride, stride]))
    kernel = numpy.asarray(weights, numpy.float32)[:, :, None, None]
    nodes.append(helper.make_node("Conv", [f"mean_{stride}", constant(f"w_{name}", kernel),
                                           constant(f"b_{name}", numpy.asarray(bias, numpy.float32))],
                                  [f"conv_{name}"], kernel_shape=[1, 1]))
    nodes.append(helper.make_node("Clip", [f"conv_{name}", constant(f"low_{name}", numpy.float32(0)),
                                           constant(f"high_{name}", numpy.float32(1))], [f"clip_{name}"]))
    nodes.append(helper.make_node("Transpose", [f"clip_{name}"], [f"last_{name}"], perm=[0, 2, 3, 1]))
    nodes.append(helper.make_node("Reshape", [f"last_{name}", constant(
        f"shape_{name}", numpy.asarray([1, -1, len(bias)], numpy.int64))], [name]))
    outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, len(bias)]))


green = [[-0.5 / 255, 1 / 255, -0.5 / 255]]
nothing = [[0, 0, 0]]
for kind in ("cls", "obj", "bbox", "kps"):
    for stride in (8, 16, 32):
        name = f"{kind}_{stride}"
        if kind in ("cls", "obj"):
            convolution(name, stride, green if stride == 32 else nothing, [0])
        elif kind == "bbox":  # centre in the middle of the cell, exp(0) cells wide and high
            convolution(name, stride, nothing * 4, [0.5, 0.5, 0, 0])
        else:
            convolution(name, stride, nothing * 10, [0] * 10)
graph = helper.make_graph(nodes, "green squares", [helper.make_tensor_value_info(
    "input", TensorProto.FLOAT, [1, 3, 640, 640])], outputs, constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)
onnx.checker.check_model(model)
onnx.save(model, "green_squares.onnx")
