"""The smallest PDF writer that layout can be tested with: text in two fonts, rectangles, page boxes, rotation."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Page:
    """A page in points, origin bottom left; `say` places a line by its baseline from the top."""

    width: float = 600
    height: float = 800
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None
    parts: list[str] = field(default_factory=list)

    def say(
        self, x: float, top: float, text: str, size: float = 10, bold: bool = False, turned: bool = False
    ) -> Page:
        font = "F2" if bold else "F1"
        shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        matrix = f"0 1 -1 0 {x} {self.height - top}" if turned else f"1 0 0 1 {x} {self.height - top}"
        self.parts.append(f"BT /{font} {size} Tf {matrix} Tm ({shown}) Tj ET")
        return self

    def paragraph(self, x: float, top: float, lines: list[str], size: float = 10, pitch: float = 12) -> Page:
        for number, line in enumerate(lines):
            self.say(x, top + number * pitch, line, size)
        return self

    def rectangle(self, x: float, top: float, width: float, height: float) -> Page:
        self.parts.append(f"{x} {self.height - top - height} {width} {height} re f")
        return self


def write_pdf(path: Path, pages: list[Page], title: str = "", created: str = "") -> Path:
    """Write pages to a file and return its path."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        crop = f"/CropBox [{' '.join(map(str, page.crop))}]" if page.crop else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] {crop} /Rotate {page.rotate}"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + 2 * number} 0 R >>"
        )
        content = "\n".join(page.parts)
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream")
    objects.append(f"<< /Title ({title}) /CreationDate ({created}) >>")
    body = b"%PDF-1.4\n"
    places = []
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    path.write_bytes(body + trailer.encode("latin-1"))
    return path
