"""The encoder as plain functions over named weights: what is trained, and what is exported."""

from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found]
import torch.nn.functional as f  # type: ignore[import-not-found]
from safetensors.torch import load_file  # type: ignore[import-not-found]

LAYERS = 6
HEADS = 12
WIDTH = 384

Weights = dict[str, Any]


def base_weights(folder: Path) -> Weights:
    """Weights of the base model, without the pooler that sentence embeddings do not use."""
    found = load_file(str(folder / "model.safetensors"))
    return {
        name: weight.float()
        for name, weight in found.items()
        if "pooler" not in name and "position_ids" not in name
    }


def embedded(weights: Weights, ids: Any) -> Any:  # noqa: ANN401 - torch has no stubs here
    """Word, position and type embeddings of token ids, shape (batch, tokens, width)."""
    words = weights["embeddings.word_embeddings.weight"][ids]
    places = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    return _norm(weights, "embeddings.LayerNorm", words + places + kinds)


def through(weights: Weights, number: int, hidden: Any, mask: Any, dropout: float = 0.0) -> Any:  # noqa: ANN401
    """One layer; `mask` is true where there is a token, shape (batch, tokens)."""
    name = f"encoder.layer.{number}"
    batch, length, _ = hidden.shape

    def split(part: str) -> Any:  # noqa: ANN401
        return (
            _linear(weights, f"{name}.attention.self.{part}", hidden)
            .view(batch, length, HEADS, -1)
            .transpose(1, 2)
        )

    mixed = f.scaled_dot_product_attention(
        split("query"), split("key"), split("value"), attn_mask=mask[:, None, None, :], dropout_p=dropout
    )
    mixed = mixed.transpose(1, 2).reshape(batch, length, WIDTH)
    mixed = f.dropout(_linear(weights, f"{name}.attention.output.dense", mixed), dropout)
    hidden = _norm(weights, f"{name}.attention.output.LayerNorm", hidden + mixed)
    inner = f.gelu(_linear(weights, f"{name}.intermediate.dense", hidden))
    inner = f.dropout(_linear(weights, f"{name}.output.dense", inner), dropout)
    return _norm(weights, f"{name}.output.LayerNorm", hidden + inner)


def pooled(hidden: Any, mask: Any) -> Any:  # noqa: ANN401
    """Mean over the tokens there are, shape (batch, width)."""
    counted = mask[..., None].to(hidden.dtype)
    return (hidden * counted).sum(1) / counted.sum(1)


def felt(weights: Weights, first: Any, mean: Any, dropout: float = 0.0) -> Any:  # noqa: ANN401
    """Logits of the emotions, from the first token and the mean of the last layer."""
    joined = f.dropout(torch.cat([first, mean], 1), dropout)
    inner = f.dropout(f.gelu(_linear(weights, "affect.inner", joined)), dropout)
    return _linear(weights, "affect.outer", inner)


def _linear(weights: Weights, name: str, x: Any) -> Any:  # noqa: ANN401
    return f.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(weights: Weights, name: str, x: Any) -> Any:  # noqa: ANN401
    return f.layer_norm(x, (WIDTH,), weights[f"{name}.weight"], weights[f"{name}.bias"], 1e-12)
