"""The encoder as an ONNX graph with int8 weights, written node by node from the pack.

One text a run: nothing is padded, so no mask is needed, and a text's vector never depends on its
neighbours. The embedding table stays outside (it is four fifths of the weights, and a text touches a few
hundred of its rows): the graph begins with embeddings. Choices below were measured by
tests/bench/bench_embedding.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from indexer.e5.pack import Pack

INPUT: Final = "embeddings"
OUTPUT: Final = "vector"
RECIPE: Final = 1
"""Part of the model's name: raise it when a change of this file changes the vectors."""

_MICROSOFT: Final = "com.microsoft"
_EPSILON: Final = 1e-12


def make_graph(pack: Pack, *, quantised: bool = True) -> onnx.ModelProto:
    """float32 [1, tokens, hidden] to float32 [1, hidden] of unit length. Without `quantised`, the float32 reference."""
    return _Encoder(pack, quantised=quantised).model()


class _Encoder:
    def __init__(self, pack: Pack, *, quantised: bool) -> None:
        self._pack = pack
        self._quantised = quantised
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        x = self._norm(INPUT, "emb.ln")
        for layer in range(self._pack.shape.layers):
            x = self._layer(x, f"l{layer}")
        mean = self._node("ReduceMean", x, self._constant("axis", np.array([1], np.int64)), keepdims=0)
        self._nodes.append(helper.make_node("LpNormalization", [mean], [OUTPUT], axis=-1, p=2))
        hidden = self._pack.shape.hidden
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "tokens", hidden])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, hidden])],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _layer(self, x: str, layer: str) -> str:
        shape = self._pack.shape
        heads = [self._linear(x, f"{layer}.{name}", shape.hidden, shape.hidden) for name in "qkv"]
        attended = self._node("MultiHeadAttention", *heads, domain=_MICROSOFT, num_heads=shape.heads)
        attended = self._linear(attended, f"{layer}.ao", shape.hidden, shape.hidden)
        x = self._norm(self._node("Add", attended, x), f"{layer}.aln")
        inner = self._node("Gelu", self._linear(x, f"{layer}.fi", shape.hidden, shape.feed_forward))
        outer = self._linear(inner, f"{layer}.fo", shape.feed_forward, shape.hidden)
        return self._norm(self._node("Add", outer, x), f"{layer}.oln")

    def _linear(self, x: str, name: str, inputs: int, outputs: int) -> str:
        weights = self._pack.matrix(f"{name}.w", outputs, inputs)
        bias = self._constant(f"{name}.b", self._pack.vector(f"{name}.b"))
        if not self._quantised:
            return self._node("Add", self._node("MatMul", x, self._constant(f"{name}.w", weights.T)), bias)
        scales = np.abs(weights).max(axis=1) / np.float32(127)
        whole = np.rint(weights / scales[:, None]).astype(np.int8)
        return self._node(
            "DynamicQuantizeMatMul",
            x,
            self._constant(f"{name}.w", whole.T),
            self._constant(f"{name}.s", scales),
            self._constant(f"{name}.z", np.zeros(outputs, np.int8)),
            bias,
            domain=_MICROSOFT,
        )

    def _norm(self, x: str, name: str) -> str:
        weight, bias = (self._constant(f"{name}.{part}", self._pack.vector(f"{name}.{part}")) for part in "wb")
        return self._node("LayerNormalization", x, weight, bias, axis=-1, epsilon=_EPSILON)

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output


def names(model: onnx.ModelProto) -> Sequence[str]:
    """The operations of a graph, in order."""
    return [node.op_type for node in model.graph.node]
