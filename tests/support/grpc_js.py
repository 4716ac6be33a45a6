"""Calls of a client in another language, made from the project's protos alone."""

import fcntl
import json
import os
import shutil
import subprocess

from scenario import ROOT

SOURCE = os.path.join(ROOT, "tests", "clients", "grpc_js")
WORK = os.environ.get("REDRESS_GRPC_JS_DIR", os.path.join(ROOT, "build", "grpc_js"))
PROTOS = os.path.join(ROOT, "protos")


def install():
    """Installs the packages beside a copy of the scripts, outside the source tree; once for all
    tests that run at the same time."""
    os.makedirs(WORK, exist_ok=True)
    with open(os.path.join(WORK, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(os.path.join(SOURCE, "package-lock.json"), encoding="utf-8") as file:
            wanted = file.read()
        stamp = os.path.join(WORK, "installed")
        for name in os.listdir(SOURCE):
            if name.endswith((".js", ".json")):
                shutil.copy(os.path.join(SOURCE, name), WORK)
        if os.path.exists(stamp):
            with open(stamp, encoding="utf-8") as file:
                if file.read() == wanted:
                    return
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=WORK,
                       check=True, capture_output=True)
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(wanted)


def mint(nodes, profile):
    """The token that the command would send for this profile."""
    return subprocess.run([os.path.join(nodes.bin_dir, "redress"), "--profiles",
                           nodes.profiles_dir(), "--profile", profile, "token", "mint"],
                          capture_output=True, text=True, check=True).stdout.strip()


def run_node(*arguments, text=None):
    run = subprocess.run(["node", *arguments], cwd=WORK, input=text, capture_output=True,
                         text=True, check=False, timeout=120)
    if run.returncode != 0:
        raise AssertionError(f"node {arguments[0]}: {run.stderr[-2000:]}")
    return json.loads(run.stdout)


def methods():
    """Every method of the protos, by service."""
    return run_node("raw_calls.js", PROTOS, "--methods")


def raw_calls(calls):
    """Makes the calls as raw_calls.js describes them and returns their outcomes in order."""
    return run_node("raw_calls.js", PROTOS, text=json.dumps(calls))
