from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc, sys
from pinakes.cli import app
seen = []
async def work(): seen.append(gc.isenabled()); return 0
@app.app.command()
def probe() -> None:
    seen.append(gc.isenabled())
    app.run(work())
sys.argv = ["pinakes", "probe"]
try:
    app.main()
except SystemExit as ended:
    print(seen, gc.get_freeze_count() > 1000, ended.code)
"""


def test_garbage_is_looked_for_only_once_everything_is_loaded() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "[False, True] True 0", ran.stderr
