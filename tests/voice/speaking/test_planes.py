"""A network in two dimensions makes the samples of the one it was."""

from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from voice.speaking.planes import in_planes

onnx = pytest.importorskip("onnx")
helper, numpy_helper, FLOAT = onnx.helper, onnx.numpy_helper, onnx.TensorProto.FLOAT
Model = Any


def _network(scale: NDArray[np.float32], *, between: str = "LeakyRelu") -> Model:
    random = np.random.default_rng(5)

    def weights(name: str, *shape: int) -> Any:
        return numpy_helper.from_array(random.normal(size=shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Conv", ["frames", "first"], ["a"], kernel_shape=[3], dilations=[2], pads=[2, 2]),
        helper.make_node(between, ["a"], ["b"]),
        helper.make_node(
            "ConvTranspose", ["b", "up", "bias"], ["c"], kernel_shape=[8], strides=[4], pads=[2, 2]
        ),
        helper.make_node("Conv", ["c", "skip"], ["d"], kernel_shape=[5], pads=[2, 2]),
        helper.make_node("Add", ["c", "d"], ["e"]),
        helper.make_node("Div", ["e", "scale"], ["f"]),
        helper.make_node("Conv", ["f", "last"], ["g"], kernel_shape=[7], pads=[3, 3]),
        helper.make_node("Tanh", ["g"], ["h"]),
        helper.make_node("Unsqueeze", ["h", "axis"], ["sound"]),
    ]
    graph = helper.make_graph(
        nodes,
        "vocoder",
        [helper.make_tensor_value_info("frames", FLOAT, [1, 16, None])],
        [helper.make_tensor_value_info("sound", FLOAT, [None, None, None, None])],
        [
            weights("first", 16, 16, 3),
            weights("up", 16, 8, 8),
            weights("bias", 8),
            weights("skip", 8, 8, 5),
            weights("last", 1, 8, 7),
            numpy_helper.from_array(scale, "scale"),
            numpy_helper.from_array(np.array([1], np.int64), "axis"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def _run(model: Model, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    sound: NDArray[np.float32] = session.run(None, {"frames": frames})[0]
    return sound


@pytest.mark.parametrize("length", [1, 7, 50])
def test_the_samples_are_the_same(length: int) -> None:
    frames = np.random.default_rng(length).normal(size=(1, 16, length)).astype(np.float32)
    scale = np.array(500.0, np.float32)
    rows, planes = _run(_network(scale), frames), _run(in_planes(_network(scale)), frames)
    assert planes.shape == (1, 1, 1, 4 * length) == rows.shape
    assert 0.05 < rows.std() < 0.95
    assert planes == pytest.approx(rows, abs=1e-5)


@pytest.mark.parametrize(
    ("scale", "between"), [(np.array(1.0), "Softmax"), (np.ones((1, 8, 1)), "LeakyRelu")]
)
def test_what_means_something_else_in_two_dimensions_is_left_as_it_was(
    scale: NDArray[np.float64], between: str
) -> None:
    network = _network(scale.astype(np.float32), between=between)
    before = network.SerializeToString()
    with pytest.raises(ValueError, match="two dimensions"):
        in_planes(network)
    assert network.SerializeToString() == before
