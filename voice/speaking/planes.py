"""A network's one-dimensional convolutions written in two dimensions, of which one has length 1.

ONNX Runtime has blocked kernels for convolutions of planes only. The samples are the same to rounding.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import onnx

_CONVOLUTIONS = ("Conv", "ConvTranspose")
_ANY_SHAPE = frozenset({*_CONVOLUTIONS, "Add", "Div", "LeakyRelu", "Mul", "Tanh"})
"""Operators that do the same to a plane as to a row; constants beside them must be single numbers."""
_AXIS = "plane"


def in_planes(model: "onnx.ModelProto") -> "onnx.ModelProto":
    """Rewrite a network of (1, channels, time) -> (1, 1, 1, time), in place, and return it.

    Raises:
        ValueError: it holds something else than convolutions and what may stand between.
    """
    from onnx import helper, numpy_helper  # noqa: PLC0415  (slow, large, and needed once)

    graph = model.graph
    single = {weights.name for weights in graph.initializer if not any(size > 1 for size in weights.dims)}
    constant = {weights.name for weights in graph.initializer} - single
    *body, last = graph.node
    strange = {node.op_type for node in body} - _ANY_SHAPE
    strange |= {
        node.op_type for node in body if node.op_type not in _CONVOLUTIONS and constant & set(node.input)
    }
    if strange or last.op_type != "Unsqueeze":
        raise ValueError(f"not known in two dimensions: {', '.join(sorted(strange)) or last.op_type}")
    (given,) = (value.name for value in graph.input)
    for node in body:
        for place, name in enumerate(node.input):
            if name == given:
                node.input[place] = _AXIS
        if node.op_type in _CONVOLUTIONS:
            _widen(node)
    kernels = {node.input[1] for node in body if node.op_type in _CONVOLUTIONS}
    for weights in graph.initializer:
        if weights.name in kernels:
            wide = numpy_helper.to_array(weights)[:, :, None, :]
            weights.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(wide), weights.name))
    second = f"{_AXIS}s_axis"
    for unused in [weights for weights in graph.initializer if weights.name in last.input]:
        graph.initializer.remove(unused)
    graph.initializer.append(numpy_helper.from_array(np.array([2], np.int64), second))
    first = helper.make_node("Unsqueeze", [given, second], [_AXIS])
    same = helper.make_node("Identity", [last.input[0]], [last.output[0]])
    del graph.node[:], graph.value_info[:]
    graph.node.extend([first, *body, same])
    return model


def _widen(node: "onnx.NodeProto") -> None:
    for attribute in node.attribute:
        if attribute.name in ("dilations", "strides", "kernel_shape"):
            attribute.ints.insert(0, 1)
        elif attribute.name == "pads":
            before, after = attribute.ints
            attribute.ints[:] = [0, before, 0, after]
        elif attribute.name == "output_padding":
            attribute.ints.insert(0, 0)
