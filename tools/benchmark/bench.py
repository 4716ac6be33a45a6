"""Measures Redress against what it is held to; see tools/bench --help."""

import argparse
import datetime
import json
import os
import signal
import subprocess
import sys

import figures
import machine
from parts import BenchError, NodeError, Parts, ROOT, pid_of
from rounds import held_rows, run_rounds, summary
from tables import as_text, held_table, measured_table

GROUPS = ("file", "read")
RESULTS = os.path.join(ROOT, "var", "bench")


def arguments():
    parser = argparse.ArgumentParser(prog="tools/bench", add_help=False,
                                     usage="tools/bench [option …]; tools/bench --help says more")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--json", default=os.path.join(RESULTS, "run.json"))
    parser.add_argument("--hold", type=float, default=0)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--warmup", type=float, default=-1)
    parser.add_argument("--work-dir", default=os.path.join(RESULTS, "work"))
    parser.add_argument("--bin-dir", default="")
    parser.add_argument("--outstanding", type=int, default=32)
    parser.add_argument("--filings", type=int, default=20000)
    given = parser.parse_args()
    given.only = given.only.split(",") if given.only else list(GROUPS)
    for name in given.only:
        if name not in GROUPS:
            parser.error(f"--only: \"{name}\" is none of {', '.join(GROUPS)}")
    given.rounds = given.rounds or (2 if given.quick else 5)
    given.seconds = given.seconds or (1.5 if given.quick else 4)
    if given.warmup < 0:
        given.warmup = 0.5 if given.quick else 1
    return given


def build():
    """A release of all that is started, and where it lies."""
    subprocess.run([os.path.join(ROOT, "tools/install-packages"), "build"], check=True)
    print("== Building a release", flush=True)
    configured = subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if configured.returncode != 0:
        raise BenchError(configured.stdout)
    subprocess.run(["cmake", "--build", "build/release", "--target", "redress", "sample", "benchmark",
                    "intake_service", "referral_service", "status_service"], cwd=ROOT, check=True)
    return os.path.join(ROOT, "build", "release", "bin")


def commit():
    """What was measured: the commit, and whether the tree had changes beyond it."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True,
                              check=False).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + (" with changes" if git("status", "-s") else "")


def tell(what, answer, took):
    print(f"   {what}: {answer['per_second']:,.0f}/s, p50 {answer['p50_us'] / 1000:.2f} ms, "
          f"server CPU {answer.get('server_cpu_us', 0):.0f} µs ({took:.1f} s)", flush=True)


def hold(given, parts):
    """Keeps one side under load, so that a profiler can be attached to the server."""
    side, servers = given.only[0], {"file": parts.filing_intake, "read": parts.status}
    server = servers[side]()
    print(f"""{side} is under load for {given.hold:.0f} s; the server is process {pid_of(server)}:
  perf record -g -p {pid_of(server)} -- sleep 10    (Debian package linux-perf)""", flush=True)
    run = figures.file_at(given.outstanding) if side == "file" else \
        figures.read_at("status", given.outstanding)
    tell(side, run(parts, given.warmup, given.hold), given.hold)


def measure(given, parts):
    chosen = [one for one in figures.OWN if one.group in given.only]
    before = machine.look(parts.own_pids)
    print("== Measuring", flush=True)
    results, shares = run_rounds(parts, chosen, given.rounds, given.warmup, given.seconds, tell)
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit(), "machine": machine.description(), "quick": given.quick,
        "rounds": given.rounds, "seconds": given.seconds,
        "not_clean": machine.complaints(before, shares), "shares": shares,
        "measured": summary(chosen, results), "held": held_rows(figures.HELD, results),
        "runs": results,
    }


def show(result):
    print("\n" + as_text(measured_table(result["measured"])))
    print("\n" + as_text(held_table(result["held"])))
    for complaint in result["not_clean"]:
        print(f"not clean: {complaint}")


def write(result, path):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1, ensure_ascii=False)
        file.write("\n")


def main():
    given = arguments()
    # Whoever ends it by a signal wants its servers ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        bin_dir = given.bin_dir or build()
        with Parts(bin_dir, given.work_dir, given.filings) as parts:
            if given.hold:
                hold(given, parts)
                return 0
            result = measure(given, parts)
        show(result)
        write(result, given.json)
        return 0
    except KeyboardInterrupt:
        print("\ntools/bench: interrupted", file=sys.stderr)
    except (BenchError, NodeError, OSError, subprocess.SubprocessError) as problem:
        print(f"tools/bench: {problem}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
