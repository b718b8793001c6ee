"""`python -m training.export`: from trained weights to the int8 ONNX file that ships.

The graph is written by hand: it takes one text, so it needs neither padding nor mask, and gives the means of
the last four layers in the directions that count, and the logits of the emotions. onnxruntime's fused
operators keep it small and quick, where they are: on CPU, adding and then normalising is three times as quick
as the operator that does both, and so is GELU without the bias.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found]
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
from safetensors.numpy import load_file  # type: ignore[import-not-found]

from training import data
from training.directions import TOLD, TURNED
from training.vocabulary import kept, written

HEADS = 12
LAYERS = 6
EPSILON = 1e-12
FUSED = "com.microsoft"

Array = NDArray[Any]
Weights = dict[str, Array]


class Graph:
    """A graph under construction: nodes in order, and the weights they use."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.held: dict[str, Array] = {}

    def hold(self, name: str, value: Array) -> str:
        """Keep a weight; its name."""
        self.held[name] = np.ascontiguousarray(value)
        return name

    def weight(self, name: str, *, turned: bool = False) -> str:
        """A weight of the model by name; linear ones are turned for `MatMul`."""
        value = self._weights[name]
        return self.hold(name, value.T if turned else value)

    def add(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        """Add a node with one output; the output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def layer(self, number: int, hidden: str) -> str:
        """One layer of the encoder."""
        name = f"encoder.layer.{number}"
        joined = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        qkv = self.hold(
            f"{name}.qkv", np.concatenate([self._weights[f"{part}.weight"].T for part in joined], axis=1)
        )
        bias = self.hold(
            f"{name}.qkv.bias", np.concatenate([self._weights[f"{part}.bias"] for part in joined])
        )
        mixed = self.add("Attention", [hidden, qkv, bias], f"{name}.mixed", FUSED, num_heads=HEADS)
        hidden = self._skip(f"{name}.attention.output", mixed, hidden)
        inner = self.add(
            "MatMul", [hidden, self.weight(f"{name}.intermediate.dense.weight", turned=True)], f"{name}.wide"
        )
        inner = self.gelu(inner, f"{name}.intermediate.dense.bias", f"{name}.gelu")
        return self._skip(f"{name}.output", inner, hidden)

    def gelu(self, inner: str, bias: str, output: str) -> str:
        """GELU of a product and its bias, which becomes part of the product."""
        return self.add("Gelu", [self.add("Add", [inner, self.weight(bias)], f"{output}.in")], output, FUSED)

    def _skip(self, name: str, inner: str, hidden: str) -> str:
        turned = self.add(
            "MatMul", [inner, self.weight(f"{name}.dense.weight", turned=True)], f"{name}.turned"
        )
        shifted = self.add("Add", [turned, self.weight(f"{name}.dense.bias")], f"{name}.shifted")
        summed = self.add("Add", [shifted, hidden], f"{name}.summed")
        norm = [self.weight(f"{name}.LayerNorm.{part}") for part in ("weight", "bias")]
        return self.add("LayerNormalization", [summed, *norm], f"{name}.out", epsilon=EPSILON)

    def embeddings(self) -> str:
        """Word, position and type embeddings, normalised; words in int8 with a scale for each."""
        words = self._weights["embeddings.word_embeddings.weight"]
        scale = np.abs(words).max(axis=1, keepdims=True) / 127
        places = self._weights["embeddings.position_embeddings.weight"]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        self.hold("words", np.rint(words / scale).astype(np.int8))
        self.hold("scale", scale)
        self.hold("places", places + kind)
        self.hold("start", np.zeros(1, np.int64))
        rows = self.add(
            "Cast", [self.add("Gather", ["words", "ids"], "rows")], "floats", to=TensorProto.FLOAT
        )
        rows = self.add("Mul", [rows, self.add("Gather", ["scale", "ids"], "scales")], "scaled")
        length = self.add("Shape", ["ids"], "length", start=1, end=2)
        placed = self.add("Slice", ["places", "start", length], "placed")
        norm = [self.weight(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias")]
        return self.add(
            "LayerNormalization",
            [self.add("Add", [rows, placed], "summed"), *norm],
            "embedded",
            epsilon=EPSILON,
        )


def graph_of(weights: Weights) -> Any:  # noqa: ANN401 - onnx has no stubs
    """The whole model as ONNX, in float32."""
    graph = Graph(weights)
    hidden = graph.embeddings()
    means = []
    for number in range(LAYERS):
        hidden = graph.layer(number, hidden)
        if number >= LAYERS - TOLD:
            means.append(graph.add("ReduceMean", [hidden], f"mean.{number}", axes=[1], keepdims=1))
    units = [graph.add("LpNormalization", [mean], f"{mean}.unit", axis=2, p=2) for mean in means]
    joined = graph.add("Concat", units, "units", axis=2)
    turned = graph.add("MatMul", [joined, graph.weight(TURNED)], "turned")
    graph.add("LpNormalization", [turned], "vector", axis=2, p=2)
    first = graph.add("Gather", [hidden, "start"], "first", axis=1)
    joined = graph.add("Concat", [first, means[-1]], "joined", axis=2)
    inner = graph.add("MatMul", [joined, graph.weight("affect.inner.weight", turned=True)], "affect.wide")
    inner = graph.gelu(inner, "affect.inner.bias", "affect.gelu")
    outer = graph.add("MatMul", [inner, graph.weight("affect.outer.weight", turned=True)], "affect.turned")
    graph.add("Add", [outer, graph.weight("affect.outer.bias")], "emotions")
    directions = weights[TURNED].shape[1]
    held = [numpy_helper.from_array(value, name) for name, value in graph.held.items()]
    made = helper.make_graph(
        graph.nodes,
        "segue-encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT32, [1, "tokens"])],
        [
            helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, 1, directions]),
            helper.make_tensor_value_info("emotions", TensorProto.FLOAT, [1, 1, 28]),
        ],
        held,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def main() -> None:
    """Write `encoder.onnx` and `tokenizer.json` into `--out`."""
    parser = argparse.ArgumentParser(prog="training.export", description=__doc__)
    parser.add_argument("--weights", type=Path, default=Path("build/encoder.safetensors"))
    parser.add_argument("--out", type=Path, default=Path("src/segue/encoder/weights"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    weights = load_file(str(asked.weights))
    tokenizer = data.base_model() / "tokenizer.json"
    numbers = kept(tokenizer)
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][numbers]
    (asked.out / "tokenizer.json").write_text(written(tokenizer, numbers), encoding="utf-8")
    plain = asked.weights.with_suffix(".onnx")
    onnx.save(graph_of(weights), str(plain))
    quantize_dynamic(
        str(plain),
        str(asked.out / "encoder.onnx"),
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


if __name__ == "__main__":
    main()
