"""The release that is measured."""

import os
import subprocess

from parts import BenchError, ROOT

TARGETS = ("redress", "benchmark", "intake_service", "referral_service", "status_service")


def build():
    """A release of all that is started, and where it lies."""
    subprocess.run([os.path.join(ROOT, "tools/install-packages"), "build"], check=True)
    print("== Building a release", flush=True)
    configured = subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if configured.returncode != 0:
        raise BenchError(configured.stdout)
    subprocess.run(["cmake", "--build", "build/release", "--target", *TARGETS], cwd=ROOT, check=True)
    return os.path.join(ROOT, "build", "release", "bin")


def commit():
    """What was measured: the commit, and whether the tree had changes beyond it."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True,
                              check=False).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + (" with changes" if git("status", "-s") else "")
