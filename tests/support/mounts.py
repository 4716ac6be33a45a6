"""File systems of a test's own: they are mounted where nobody else sees them."""

import os
import subprocess
import sys

INSIDE = "REDRESS_TEST_INSIDE_NAMESPACE"
SKIPPED = 77  # As tests/e2e/CMakeLists.txt tells ctest.


def enter_namespace(probe):
    """Runs the test's file again in a namespace where the command `probe` could mount something, or
    ends it as skipped and says why."""
    if os.environ.get(INSIDE):
        return
    said = ""
    for way in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        tried = subprocess.run([*way, *probe], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            os.execvpe(way[0], [*way, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})
        said = tried.stderr.strip()
    print(f"SKIPPED: no file system can be mounted here: {said}")
    sys.exit(SKIPPED)
