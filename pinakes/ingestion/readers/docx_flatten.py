"""A Word file's hidden corners brought where unstructured reads: text boxes, content controls, formulas, symbols."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DEEPEST = 30


def flattened(document: Any) -> BytesIO:
    """Return a Word document (python-docx) with everything readable as plain paragraphs and tables."""
    body = document.element.body
    for fallback in list(body.iter(f"{_MC}Fallback")):
        fallback.getparent().remove(fallback)  # the same text a second time, for old programs
    _lift_text_boxes(body)
    _unwrap(body, f"{_W}sdt", lambda node: node.find(f"{_W}sdtContent"))
    _write_formulas(body)
    _write_symbols(body)
    stream = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's, when a file holds its properties twice
        document.save(stream)
    stream.seek(0)
    return stream


def _lift_text_boxes(body: Any) -> None:
    """Move what text boxes hold after the paragraph that they are anchored in, inner boxes first."""
    for box in reversed(list(body.iter(f"{_W}txbxContent"))):
        anchor = next((node for node in box.iterancestors() if node.tag == f"{_W}p"), None)
        blocks = [node for node in box if node.tag in (f"{_W}p", f"{_W}tbl", f"{_W}sdt")]
        box.getparent().remove(box)
        if anchor is not None:
            for block in reversed(blocks):
                anchor.addnext(block)


def _unwrap(body: Any, tag: str, inner: Callable[[Any], Any]) -> None:
    for node in reversed(list(body.iter(tag))):
        parent, content = node.getparent(), inner(node)
        if parent is None:
            continue
        at = parent.index(node)
        for child in reversed(list(content) if content is not None else []):
            parent.insert(at, child)
        parent.remove(node)


def _write_formulas(body: Any) -> None:
    for formula in [*body.iter(f"{_M}oMathPara"), *body.iter(f"{_M}oMath")]:
        parent = formula.getparent()
        if parent is None or any(
            node.tag in (f"{_M}oMathPara", f"{_M}oMath") for node in formula.iterancestors()
        ):
            continue
        parent.replace(formula, _run(formula, " ".join(formula_text(formula).split())))


def _write_symbols(body: Any) -> None:
    for symbol in list(body.iter(f"{_W}sym")):
        code = symbol.get(f"{_W}char") or ""
        text = symbol.makeelement(f"{_W}t")
        text.text = (
            chr(int(code, 16)) if len(code) == 4 and all(c in "0123456789abcdefABCDEF" for c in code) else ""
        )
        symbol.getparent().replace(symbol, text)


def _run(near: Any, text: str) -> Any:
    run = near.makeelement(f"{_W}r")
    written = near.makeelement(f"{_W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    written.text = f" {text} "
    run.append(written)
    run.tail = None
    return run


def formula_text(node: Any, depth: int = 0) -> str:
    """Return a formula as one line: a/b, x^2, a_i, sqrt(x), sum_(i=1)^n."""
    if depth > _DEEPEST:
        return "".join(node.itertext())
    name = node.tag.removeprefix(_M) if isinstance(node.tag, str) else ""
    if name == "t":
        return node.text or ""
    if name == "r":
        return "".join(child.text or "" for child in node.iter(f"{_M}t"))
    if name.endswith("Pr"):
        return ""
    parts = {child.tag.removeprefix(_M): formula_text(child, depth + 1) for child in node if _is_part(child)}
    written = _written(name, node, parts)
    return written if written is not None else "".join(_children(node, depth))


def _is_part(child: Any) -> bool:
    return isinstance(child.tag, str) and child.tag.startswith(_M)


def _children(node: Any, depth: int) -> Iterator[str]:
    for child in node:
        if isinstance(child.tag, str):
            yield formula_text(child, depth + 1)


def _written(name: str, node: Any, parts: dict[str, str]) -> str | None:
    inner = parts.get("e", "")
    raised, lowered = _grouped(parts.get("sup", "")), _grouped(parts.get("sub", ""))
    if name == "f":
        return f"{_grouped(parts.get('num', ''))}/{_grouped(parts.get('den', ''))}"
    if name in ("sSup", "sSub", "sSubSup"):
        return inner + (f"_{lowered}" if lowered else "") + (f"^{raised}" if raised else "")
    if name == "rad":
        degree = parts.get("deg", "").strip()
        return f"root{_grouped(degree)}({inner})" if degree else f"sqrt({inner})"
    if name == "nary":
        sign = _value(node, "naryPr/chr") or "∫"
        return f"{sign}" + (f"_{lowered}" if lowered else "") + (f"^{raised}" if raised else "") + f" {inner}"
    if name == "d":
        each = [formula_text(child) for child in node.findall(f"{_M}e")]
        return f"{_value(node, 'dPr/begChr', '(')}{', '.join(each)}{_value(node, 'dPr/endChr', ')')}"
    if name == "func":
        return f"{parts.get('fName', '')} {inner}"
    if name in ("limLow", "limUpp"):
        return f"{inner}{'_' if name == 'limLow' else '^'}{_grouped(parts.get('lim', ''))}"
    return None


def _grouped(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _value(node: Any, path: str, default: str = "") -> str:
    found = node.find("/".join(f"{_M}{step}" for step in path.split("/")))
    value = None if found is None else found.get(f"{_M}val")
    return default if value is None else str(value)
