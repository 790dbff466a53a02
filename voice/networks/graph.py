"""Writing down an ONNX graph node by node, with the parts transformers are made of.

Linear layers compute in 8 bits. Each row of what goes in has a scale of its own, each column of the weights
too, and these keep within 7 bits: two products of 8 by 8 bits overflow the 16 in which processors without
VNNI add them up.
"""

import math
from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_OPSET, _IR = 18, 9
_HERE = "com.microsoft"
_WEIGHT_LIMIT = 63
_INPUT_LIMIT = 127
_CENTRE = 128
_LEAST = 1e-9
_BLOCK = 128
"""Columns of a matrix that share a scale where few rows are multiplied by it."""
_EIGHT_BITS = 4
"""The accuracy level of `MatMulNBits` that computes in 8 bits."""

Floats = NDArray[np.float32]


class Graph:
    """A graph in the making; what its methods return and take are the names of tensors."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._numbers = count()
        self._shared: dict[tuple[str, bytes], str] = {}

    def given(self, name: str, shape: Sequence[str | int], kind: int = TensorProto.FLOAT) -> str:
        """Declare an input; sizes that vary have names."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, list(shape)))
        return name

    def shown(self, tensor: str, name: str, shape: Sequence[str | int]) -> None:
        """Declare a tensor an output, by a name."""
        self._nodes.append(helper.make_node("Identity", [tensor], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))

    def constant(self, value: NDArray[np.generic]) -> str:
        """Keep an array in the graph; small ones once."""
        key = (f"{value.dtype}{value.shape}", value.tobytes() if value.size < _CENTRE else b"")
        if key[1] and key in self._shared:
            return self._shared[key]
        name = f"c{next(self._numbers)}"
        self._constants.append(
            numpy_helper.from_array(np.ascontiguousarray(value).reshape(value.shape), name)
        )
        self._shared[key] = name
        return name

    def add(self, kind: str, *given: str, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output."""
        return self.add_of(kind, 1, *given, domain=domain, **attributes)[0]

    def add_of(
        self, kind: str, outputs: int, *given: str, domain: str = "", **attributes: Any
    ) -> tuple[str, ...]:
        """Add a node with several outputs."""
        names = tuple(f"t{next(self._numbers)}" for _ in range(outputs))
        self._nodes.append(helper.make_node(kind, list(given), list(names), domain=domain, **attributes))
        return names

    def gelu(self, x: str) -> str:
        """Apply the error function's GELU."""
        return self.add("Gelu", x, domain=_HERE)

    def layer_norm(self, x: str, gamma: Floats, beta: Floats, epsilon: float = 1e-5) -> str:
        """Normalise the last axis."""
        weights = self.constant(gamma), self.constant(beta)
        return self.add("LayerNormalization", x, *weights, axis=-1, epsilon=epsilon)

    def linear(self, x: str, weight: Floats, bias: Floats | None = None) -> str:
        """Multiply the last axis by a matrix (out, in), in 8 bits.

        Args:
            x: of any shape.
            weight: the matrix.
            bias: (out,), added.
        """
        columns = np.maximum(np.abs(weight).max(axis=1), _LEAST).astype(np.float32) / _WEIGHT_LIMIT
        rounded = np.rint(weight / columns[:, None]).astype(np.int8).T
        largest = self.add("ReduceMax", self.add("Abs", x), self.integers(-1), keepdims=1)
        largest = self.add("Max", largest, self.constant(np.array(_LEAST, np.float32)))
        step, centre = np.array(1 / _INPUT_LIMIT, np.float32), self.constant(np.array(_CENTRE, np.uint8))
        quantised = self.add("QuantizeLinear", self.add("Div", x, largest), self.constant(step), centre)
        product = self.add(
            "MatMulIntegerToFloat",
            *(quantised, self.constant(rounded), self.constant(step), self.constant(columns), centre),
            domain=_HERE,
        )
        scaled = self.add("Mul", product, largest)
        return scaled if bias is None else self.add("Add", scaled, self.constant(bias))

    def linear_of_few(self, x: str, weight: Floats, bias: Floats | None = None) -> str:
        """Do as `linear` in one node: quicker for a few rows, three times slower for a hundred.

        Args:
            x: (..., in), `in` a multiple of 64.
            weight: (out, in).
            bias: (out,), added.
        """
        width, depth = weight.shape
        block = math.gcd(depth, _BLOCK)
        blocks = weight.reshape(width, depth // block, block)
        scales = np.maximum(np.abs(blocks).max(axis=2, keepdims=True), _LEAST) / _INPUT_LIMIT
        rounded = (np.rint(blocks / scales) + _CENTRE).astype(np.uint8)
        steps = scales.reshape(width, -1).astype(np.float32)
        added = () if bias is None else ("", "", self.constant(bias))
        return self.add(
            "MatMulNBits", x, self.constant(rounded), self.constant(steps), *added,
            domain=_HERE, K=depth, N=width, bits=8, block_size=block, accuracy_level=_EIGHT_BITS,
        )  # fmt: skip

    def integers(self, *values: int) -> str:
        """Return a constant list of integers."""
        return self.constant(np.array(values, np.int64))

    def heads(self, x: str, number: int, order: Sequence[int] = (0, 2, 1, 3)) -> str:
        """Split the last axis: (1, time, width) to (1, heads, time, width of one), or in another order."""
        split = self.add("Reshape", x, self.integers(0, 0, number, -1))
        return self.add("Transpose", split, perm=list(order))

    def joined(self, x: str) -> str:
        """Put heads together again: (1, heads, time, width of one) to (1, time, width)."""
        return self.add("Reshape", self.add("Transpose", x, perm=[0, 2, 1, 3]), self.integers(0, 0, -1))

    def model(self) -> bytes:
        """Return the graph as an ONNX file."""
        graph = helper.make_graph(self._nodes, "network", self._inputs, self._outputs, self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_HERE, 1)]
        made = helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
        return bytes(made.SerializeToString())
