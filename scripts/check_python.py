"""Say what is missing before an installation starts. Runs on any Python 3, so its syntax is old."""

import importlib.util
import sys

ADVICE = (
    "On Debian or Ubuntu: sudo apt-get install python3 python3-venv. Or name another: make PYTHON=python3.12"
)


def main():
    """Exit with a sentence where Python is too old or cannot make virtual environments."""
    if sys.version_info < (3, 11):
        sys.exit("Pinakes needs Python 3.11 or newer; this is {}. {}".format(sys.version.split()[0], ADVICE))
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            sys.exit(
                "This Python cannot make virtual environments ({} is missing). {}".format(module, ADVICE)
            )


main()
