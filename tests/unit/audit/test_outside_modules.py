"""What an auditor runs alone needs nothing but Python and `cryptography`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Every other import is refused before the modules are loaded.
PROGRAM = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in {"cryptography", "_cffi_backend", "cffi", "_cffi_backend"}:
            return None
        if top == "audit":
            return None
        raise ImportError(f"{name} is not there for an auditor")

sys.meta_path.insert(0, Refuse())
import audit.verify, audit.proofs, audit.merkle, audit.notes, audit.leaves, audit.ranges
"""


def test_the_outside_verifier_needs_the_standard_library_and_cryptography_only() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
