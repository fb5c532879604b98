"""Telling text from other bytes, in any common encoding."""

from __future__ import annotations

HEAD_BYTES = 64 * 1024
"""How much of a file's beginning is looked at."""


_STRAY = 2  # control characters that a text of any length may have, where all else is UTF-8


def is_text(head: bytes) -> bool:
    """Whether these bytes read as text in UTF-8, UTF-16, UTF-32 or an 8-bit encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return _few_controls(decoded(head))
    if b"\0" in head and not _utf8_with_few_zeros(head):
        return _wide_encoding(head) is not None and _few_controls(decoded(head))
    text = utf8(head)
    return _few_controls(head.decode("latin-1")) if text is None else _few_controls(text, _STRAY)


def _utf8_with_few_zeros(head: bytes) -> bool:
    """As logs that were cut off by a crash."""
    return head.count(0) <= len(head) / 200 and utf8(head) is not None


def _few_controls(text: str, stray: int = 0) -> bool:
    """Control characters give binary data away; form feeds, escapes and stray ones in old logs do not."""
    bad = sum(text.count(chr(code)) for code in (*range(8), *range(14, 27), *range(28, 32), 0x7F))
    odd = text.count("\ufffd") + sum(text.count(chr(code)) for code in range(0xD800, 0xD810))
    return bad <= max(stray, len(text) / 200) and odd <= len(text) / 20


def utf8(head: bytes) -> str | None:
    """Decode strictly, but forgive a character that the end of the head cuts in two."""
    for cut in range(4):
        try:
            return head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError as error:
            if len(head) < HEAD_BYTES or error.start < len(head) - 4:
                return None
    return None


def _wide_encoding(head: bytes) -> str | None:
    """Guess UTF-16 or UTF-32 without a byte order mark from where the zero bytes stand."""
    sample = head[:4096]
    zeros = [sample[i::4].count(0) / max(1, len(sample[i::4])) for i in range(4)]
    patterns = {"utf-32-le": "0111", "utf-32-be": "1110", "utf-16-le": "0101", "utf-16-be": "1010"}
    for encoding, pattern in patterns.items():
        if all((zero > 0.5) == (mark == "1") for zero, mark in zip(zeros, pattern, strict=True)):
            return encoding
    return None


def decoded(head: bytes) -> str:
    """Return the text that these bytes begin with; what cannot be decoded becomes a replacement character."""
    boms = (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    )
    encoding = next((name for bom, name in boms if head.startswith(bom)), None)
    if encoding is None and b"\0" in head and not _utf8_with_few_zeros(head):
        encoding = _wide_encoding(head)
    if encoding is None:
        return utf8(head) or head.decode("latin-1")
    return head[: len(head) // 4 * 4 or len(head)].decode(encoding, "replace")
