"""Which word pieces the encoder keeps: English needs no other scripts, nor the unused ones."""

import json
from pathlib import Path

_LAST_LATIN = 0x24F
_SIGNS = range(0x2000, 0x2C00)


def kept(tokenizer: Path) -> list[int]:
    """Numbers of the pieces that stay: special ones, Latin ones and signs."""
    pieces: dict[str, int] = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    return [number for piece, number in sorted(pieces.items(), key=lambda item: item[1]) if _is_used(piece)]


def written(tokenizer: Path, numbers: list[int]) -> str:
    """The tokenizer's file with only those pieces, numbered anew, without padding or truncation."""
    whole = json.loads(tokenizer.read_text(encoding="utf-8"))
    fresh = {number: index for index, number in enumerate(numbers)}
    pieces = whole["model"]["vocab"]
    whole["model"]["vocab"] = {piece: fresh[number] for piece, number in pieces.items() if number in fresh}
    for token in whole["added_tokens"]:
        token["id"] = fresh[token["id"]]
    for special in whole["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [fresh[number] for number in special["ids"]]
    for name in ("sep", "cls"):
        if name in whole["post_processor"]:
            piece, number = whole["post_processor"][name]
            whole["post_processor"][name] = [piece, fresh[number]]
    whole["padding"] = whole["truncation"] = None
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def _is_used(piece: str) -> bool:
    if piece.startswith("[unused"):
        return False
    return all(ord(letter) <= _LAST_LATIN or ord(letter) in _SIGNS for letter in piece)
