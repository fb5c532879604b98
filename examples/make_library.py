"""Make the sample library: the year 2025 of an invented maintenance crew at a small harbour.

    python examples/make_library.py [folder]      (default: examples/library)

Everything is drawn and written by this script; nothing is downloaded. The same package versions give
the same bytes. It needs packages that the library itself does not:

    pip install typst python-docx pillow pillow-heif numpy matplotlib

(matplotlib only for the DejaVu fonts that it ships).
"""

import shutil
import sys
from pathlib import Path

from making.album import album
from making.contact_sheet import write_contact_sheet
from making.documents import write_documents
from making.photofile import save

DEFAULT = Path(__file__).parent / "library"


def make(library: Path) -> None:
    """Write the whole library into a folder that is new, empty, or the one of an earlier run."""
    if library == DEFAULT and library.exists():
        shutil.rmtree(library)
    if library.exists() and any(library.iterdir()):
        raise SystemExit(f"{library} is not empty")
    write_documents(library)
    for shot in album():
        save(shot, library)
    files = [path for path in library.rglob("*") if path.is_file()]
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.2f} MB in {library}")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
    if len(sys.argv) == 1:
        write_contact_sheet(DEFAULT.with_name("contact-sheet.jpg"))
