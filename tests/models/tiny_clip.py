"""A pair of models as fastembed loads them, made on the spot: the mean colour of pixels, and of what words name.

They have CLIP's inputs, outputs and sizes. ONNX files are protocol buffers, of which this writes the few fields needed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

WIDTH = 512
THINGS = {"red": (1, -1, -1), "sunset": (1, -1, -1), "green": (-1, 1, -1), "meadow": (-1, 1, -1)}
THINGS |= {"blue": (-1, -1, 1), "lagoon": (-1, -1, 1)}
_FLOAT, _INT64 = 1, 7


def write_pair(folder: Path) -> Path:
    """Write both models into `vision` and `text` and return the folder."""
    for name, model in (("vision", _vision()), ("text", _text())):
        (folder / name).mkdir(parents=True)
        (folder / name / "model.onnx").write_bytes(model)
    _preprocessing(folder / "vision")
    _tokenizing(folder / "text")
    return folder


def _preprocessing(folder: Path) -> None:
    config = {
        "image_processor_type": "CLIPImageProcessor",
        "do_resize": True,
        "size": {"shortest_edge": 224},
        "do_center_crop": True,
        "crop_size": 224,
        "do_normalize": True,
        "image_mean": [0.5] * 3,
        "image_std": [0.5] * 3,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(config))


def _tokenizing(folder: Path) -> None:
    tokenizer = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1} | _vocabulary(), unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 77, "pad_token": "[PAD]"}))
    (folder / "config.json").write_text(json.dumps({"pad_token_id": 0}))


def _vocabulary() -> dict[str, int]:
    return {word: number for number, word in enumerate(THINGS, start=2)}


def _vision() -> bytes:
    """Mean over height and width, then from three places to 512."""
    mean = _node("ReduceMean", ["pixel_values"], "colour", _ints("axes", (2, 3)), _int("keepdims", 0))
    widened = _node("MatMul", ["colour", "wide"], "image_embeds")
    wide = [1.0 if row == column else 0.0 for row in range(3) for column in range(WIDTH)]
    return _model(
        [mean, widened],
        [_floats("wide", (3, WIDTH), wide)],
        _value("pixel_values", _FLOAT, ("batch", 3, 224, 224)),
        _value("image_embeds", _FLOAT, ("batch", WIDTH)),
    )


def _text() -> bytes:
    """The mean of the words' places in a table; what is no thing has none."""
    looked_up = _node("Gather", ["table", "input_ids"], "words")
    mean = _node("ReduceMean", ["words"], "text_embeds", _ints("axes", (1,)), _int("keepdims", 0))
    rows = [(0.0, 0.0, 0.0)] * 2 + [tuple(map(float, colour)) for colour in THINGS.values()]
    table = [value for row in rows for value in (*row, *[0.0] * (WIDTH - 3))]
    return _model(
        [looked_up, mean],
        [_floats("table", (len(rows), WIDTH), table)],
        _value("input_ids", _INT64, ("batch", "length")),
        _value("text_embeds", _FLOAT, ("batch", WIDTH)),
    )


def _model(nodes: Sequence[bytes], weights: Sequence[bytes], takes: bytes, gives: bytes) -> bytes:
    graph = [*((1, node) for node in nodes), (2, b"tiny"), *((5, weight) for weight in weights)]
    graph += [(11, takes), (12, gives)]
    return _message([(1, 8), (8, _message([(1, b""), (2, 13)])), (7, _message(graph))])


def _node(kind: str, takes: Sequence[str], gives: str, *attributes: bytes) -> bytes:
    inputs = [(1, name.encode()) for name in takes]
    return _message([*inputs, (2, gives.encode()), (4, kind.encode()), *((5, a) for a in attributes)])


def _int(name: str, value: int) -> bytes:
    return _message([(1, name.encode()), (3, value), (20, 2)])


def _ints(name: str, values: Sequence[int]) -> bytes:
    return _message([(1, name.encode()), *((8, value) for value in values), (20, 7)])


def _floats(name: str, shape: Sequence[int], values: Sequence[float]) -> bytes:
    packed = struct.pack(f"<{len(values)}f", *values)
    return _message([*((1, size) for size in shape), (2, _FLOAT), (8, name.encode()), (9, packed)])


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = [(1, _message([(1, n) if isinstance(n, int) else (2, n.encode())])) for n in shape]
    tensor = _message([(1, kind), (2, _message(sizes))])
    return _message([(1, name.encode()), (2, _message([(1, tensor)]))])


def _message(fields: Iterable[tuple[int, int | bytes]]) -> bytes:
    """Return a protocol buffer of numbers and of everything that has a length."""
    written = b""
    for number, value in fields:
        if isinstance(value, int):
            written += _varint(number << 3) + _varint(value)
        else:
            written += _varint(number << 3 | 2) + _varint(len(value)) + value
    return written


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    return bytes([*written, value])
