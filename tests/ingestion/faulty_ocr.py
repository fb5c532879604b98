"""OCRs that misbehave, loaded by name into reader processes."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from pinakes.core.files import Element


class _Ocr:
    name = "faulty"

    def read(self, picture: Any) -> list[Element]:
        self.act()
        return [Element(type="OcrText", text="HELLO", box=(0.1, 0.1, 0.5, 0.2), confidence=0.99)]

    def act(self) -> None: ...


class Fine(_Ocr): ...


class Noisy(_Ocr):
    def act(self) -> None:
        print('{"id": 1, "reading": "nonsense"}')
        sys.stdout.flush()
        os.write(1, b"C code prints, too\n")


class Sleeps(_Ocr):
    def act(self) -> None:
        time.sleep(600)


class Dies(_Ocr):
    def act(self) -> None:
        os._exit(3)


class DiesOnce(_Ocr):
    """Dies the first time; the marker's path comes by environment."""

    def act(self) -> None:
        marker = Path(os.environ["FAULTY_MARKER"])
        if not marker.exists():
            marker.touch()
            os._exit(3)


class Hoards(_Ocr):
    def act(self) -> None:
        hoard = []
        while True:
            hoard.append(bytearray(b"x" * (8 << 20)))
            time.sleep(0.005)


class Grabs(_Ocr):
    def act(self) -> None:
        bytearray(4 << 30)


class Buggy(_Ocr):
    def act(self) -> None:
        raise LookupError("a parser's bug")


class Wordy(_Ocr):
    def read(self, picture: Any) -> list[Element]:
        return [Element(type="OcrText", text="word " * 400, confidence=0.99) for _ in range(1200)]
