"""Neural networks on ONNX Runtime, written down as graphs out of the weights they were published with."""
