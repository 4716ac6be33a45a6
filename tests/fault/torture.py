#!/usr/bin/python3
"""Kills services of two working nodes and compares what they hold with what was acknowledged.

Debian's own interpreter, since its gRPC belongs to it.
"""

import argparse
import os
import random
import signal
import sys

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path[:0] = [os.path.join(TREE, "tests", "support"), os.path.join(TREE, "tools", "lib")]
from report import Report  # noqa: E402
from run import Run  # noqa: E402


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60, help="how many (60)")
    parser.add_argument("--run", type=int, default=100,
                        help="kills before nodes with empty stores take over (100)")
    parser.add_argument("--seed", type=int, help="what all chance comes from; a random one")
    parser.add_argument("--report", help="file to write the report to, as Markdown")
    return parser.parse_args()


def main():
    chosen = options()
    # Told to end, by ctest for one, it ends its services first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    report = Report(seed, chosen.kills)
    number = 0
    while report.kills < chosen.kills:
        run = Run(f"{seed}.{number}", min(chosen.run, chosen.kills - report.kills),
                  lambda text: print(text, flush=True))
        fine = run.go()
        report.take(run)
        if chosen.report:
            report.write(chosen.report)
        if not fine:
            break
        number += 1
    report.end()
    if chosen.report:
        report.write(chosen.report)
    print(report.text())
    return 0 if report.fine else 1


if __name__ == "__main__":
    sys.exit(main())
