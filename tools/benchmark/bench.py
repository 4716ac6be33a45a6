"""Measures Redress against what it is held to; see tools/bench --help."""

import argparse
import datetime
import json
import os
import shlex
import signal
import subprocess
import sys

import figures
import grow
import machine
import peers
import plot
import report
import soak
from kinds import file_at
from parts import BENCHMARK, BenchError, NodeError, Parts, ROOT, Refused, pid_of
from release import build, commit
from rounds import held_rows, run_rounds, summary
from tables import as_text, held_table, limits_table, measured_table

GROUPS = ("file", "read", "import", "referral", "overload")
HELD_UNDER_LOAD = ("file", "read")
RESULTS = os.path.join(ROOT, "var", "bench")


def declare(parser):
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--peers", choices=peers.KINDS, default="")
    parser.add_argument("--json", default="")
    parser.add_argument("--hold", type=float, default=0)
    parser.add_argument("--read", choices=grow.TITLES, default="status")
    parser.add_argument("--grow", type=int, nargs="?", const=grow.LARGE, default=0)
    parser.add_argument("--soak", type=float, nargs="?", const=60, default=0)
    parser.add_argument("--plot", action="store_true")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--warmup", type=float, default=-1)
    parser.add_argument("--work-dir", default=RESULTS)
    parser.add_argument("--bin-dir", default="")
    parser.add_argument("--outstanding", type=int, default=32)
    parser.add_argument("--filings", type=int, default=20000)


def arguments():
    parser = argparse.ArgumentParser(prog="tools/bench", add_help=False,
                                     usage="tools/bench [option …]; tools/bench --help says more")
    declare(parser)
    given = parser.parse_args()
    given.only = given.only.split(",") if given.only else list(GROUPS)
    for name in given.only:
        if name not in GROUPS:
            parser.error(f"--only: \"{name}\" is none of {', '.join(GROUPS)}")
    if given.hold and given.only[0] not in HELD_UNDER_LOAD:
        parser.error(f"--hold: only {' or '.join(HELD_UNDER_LOAD)} can be held under load")
    given.rounds = given.rounds or (2 if given.quick else 5)
    given.seconds = given.seconds or (1.2 if given.quick else 4)
    given.peers = peers.KINDS[given.peers or ("none" if given.quick else "stores")]
    missing = os.path.join(given.bin_dir, BENCHMARK)
    if given.bin_dir and not os.path.exists(missing):
        parser.error(f"--bin-dir: no {missing}; leave the option out and all is built")
    if given.grow and given.grow < grow.SMALL:
        parser.error(f"--grow: {grow.SMALL:,} cases or more")
    if given.warmup < 0:
        given.warmup = 0.3 if given.quick else 1
    return given


def tell(what, answer, took):
    print(f"   {what}: {answer['per_second']:,.0f}/s, p50 {answer['p50_us'] / 1000:.2f} ms, "
          f"server CPU {answer.get('server_cpu_us', 0):.0f} µs ({took:.1f} s)", flush=True)


def hold(given, parts):
    """Keeps one side under load, so that a profiler can be attached to the server."""
    side, servers = given.only[0], {"file": parts.filing_intake, "read": parts.status}
    server = servers[side]()
    print(f"""{side} is under load for {given.hold:.0f} s; the server is process {pid_of(server)}:
  perf record -g -p {pid_of(server)} -- sleep 10    (Debian package linux-perf)""", flush=True)
    run = file_at(given.outstanding) if side == "file" else \
        figures.read_at(given.read, given.outstanding)
    tell(side, run(parts, given.warmup, given.hold), given.hold)


def command(words):
    """What was typed, without where this machine keeps things."""
    places = ("--work-dir", "--bin-dir", "--json")
    kept, rest = ["tools/bench"], iter(words)
    for word in rest:
        if word in places:
            next(rest, None)
        elif not word.startswith(tuple(place + "=" for place in places)):
            kept.append(word)
    return shlex.join(kept)


def origin(given, parts, not_clean):
    """What every kind of result begins with."""
    return {"when": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            "commit": parts.commit, "machine": machine.description(), "quick": given.quick,
            "command": command(sys.argv[1:]), "not_clean": not_clean}


def measure(given, parts):
    chosen = [one for one in figures.all_measurements(given.peers) if one.group in given.only]
    before = machine.look(parts.own_pids)
    print("== Measuring", flush=True)
    results, shares = run_rounds(parts, chosen, given.rounds, given.warmup, given.seconds, tell)
    return {**origin(given, parts, machine.complaints(before, shares)), "rounds": given.rounds,
            "seconds": given.seconds, "shares": shares, "measured": summary(chosen, results),
            "held": held_rows(figures.all_held(), results),
            "limits": held_rows(figures.all_limits(), results), "runs": results}


def measure_growth(given, parts):
    before, watch = machine.look(parts.own_pids), machine.Watch(parts.own_pids)
    print(f"== Growing to {given.grow:,} cases", flush=True)
    points, ratios = grow.Growth(parts, given.seconds, lambda point: print(
        "   " + as_text(grow.table([point])).replace("\n", "\n   "), flush=True)).run(given.grow)
    return {**origin(given, parts, machine.complaints(before, [watch.stop()])), "points": points,
            "ratios": ratios, "held": grow.held(points, ratios)}


def measure_soak(given, parts):
    before, watch = machine.look(parts.own_pids), machine.Watch(parts.own_pids)
    print(f"== {given.soak:g} minutes of load", flush=True)
    result = soak.soak(parts, given.soak, lambda load, sizes: print("   " + ", ".join(
        [f"{side} {answer['per_second']:,.0f}/s" for side, answer in load.items()]
        + [f"{name} {size / 2**20:.0f} MiB" for name, size in sizes.items()]), flush=True))
    return {**origin(given, parts, machine.complaints(before, [watch.stop()])), **result}


# kind of result: (how it is measured, how it is shown)
KINDS = {
    "run": (measure, lambda result: [measured_table(result["measured"]), held_table(result["held"]),
                                     limits_table(result["limits"])]),
    "grow": (measure_growth, lambda result: [grow.table(result["points"]),
                                             held_table(result["held"])]),
    "soak": (measure_soak, lambda result: [soak.table(result)]),
}


def last_results():
    """{kind: what its last run left behind}"""
    results = {}
    for kind in KINDS:
        path = os.path.join(RESULTS, kind + ".json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                results[kind] = json.load(file)
    if not results:
        raise BenchError(f"no run has left anything in {RESULTS} yet")
    return results


def show(kind, result):
    for table in KINDS[kind][1](result):
        print("\n" + as_text(table))
    for complaint in result["not_clean"]:
        print(f"not clean: {complaint}")


def write(result, path):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1, ensure_ascii=False)
        file.write("\n")


def run(given):
    """Builds, measures, shows and keeps one kind of result, or holds a server under load."""
    kind = "grow" if given.grow else "soak" if given.soak else "run"
    if kind == "grow":
        grow.refuse_without_room(given.work_dir, given.grow, lambda text: print(text, flush=True))
    if kind == "run" and not given.hold:
        peers.install(given.peers)
    bin_dir = given.bin_dir or build()
    with Parts(bin_dir, given.work_dir, given.filings, commit()) as parts:
        if given.hold:
            hold(given, parts)
            return
        result = KINDS[kind][0](given, parts)
    show(kind, result)
    write(result, given.json or os.path.join(RESULTS, kind + ".json"))
    if kind == "soak" and not soak.all_flat(result):
        raise BenchError("the memory of a service is not flat")


def main():
    given = arguments()
    # Whoever ends it by a signal wants its servers ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        if given.report or given.plot:
            results = last_results()
            if given.report:
                report.report(results, KINDS)
            if given.plot:
                plot.plot(results, RESULTS)
            return 0
        run(given)
        return 0
    except KeyboardInterrupt:
        print("\ntools/bench: interrupted", file=sys.stderr)
    except (BenchError, NodeError, Refused, OSError, subprocess.SubprocessError) as problem:
        print(f"tools/bench: {problem}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
