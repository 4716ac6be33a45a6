"""Which service dies when, and what is between the nodes meanwhile."""

import glob
import os
import re
import signal
import time
from collections import Counter

from link_proxy import TROUBLES
from local_nodes import SERVICES
from scenario import ROOT

FAULT_FILE_BYTES = 128
# A fault point that is not passed for so many deeds of the clients, or so long, is given up: then
# the service is killed where it is.
DEEDS_TO_PASS = 150
SECONDS_TO_PASS = 3
NOT_PASSED = "was not passed in time"
# For what has to come about at last, on however slow a machine.
PATIENCE_SECONDS = 180
# Chances in a thousand.
AT_A_POINT, IN_RECOVERY, LINK_TROUBLE, REBUILD = 700, 200, 300, 150


def fault_points():
    """Service → its fault points as the source names them, and those passed at a start."""
    found = {service: set() for service in SERVICES}
    starts = {service: set() for service in SERVICES}
    for path in glob.glob(os.path.join(ROOT, "services/*/**/*.cc"), recursive=True):
        with open(path, encoding="utf-8") as file:
            names = set(re.findall(r'REDRESS_FAULT_POINT\("([a-z_.]+)"\)', file.read()))
        folder = os.path.relpath(path, os.path.join(ROOT, "services")).split(os.sep)[0]
        for service in SERVICES if folder == "platform" else (folder,):
            for name in names:
                (starts if name.startswith("start.") else found)[service].add(name)
    return ({service: sorted(names) for service, names in found.items()},
            {service: sorted(names) for service, names in starts.items()})


class Killer:
    """Kills one service after the other and starts it again, while clients work.

    back_up   called with a node to have a backup of it begun
    """

    def __init__(self, world, dice, back_up):
        self.world, self.dice, self.back_up = world, dice, back_up
        self.points, self.starts = fault_points()
        self.done, self.at = 0, Counter()
        self.troubles, self.longest_start = Counter(), 0.0

    def kill_one(self):
        """One kill, or two when the service is also killed while it recovers."""
        node, name = self.dice.choice(self.world.nodes.nodes), self.dice.choice(SERVICES)
        service = self.world.nodes.service(node, name)
        line = self._trouble()
        if self._chance(AT_A_POINT):
            self._at_point(service, self.dice.choice(self.points[name]))
        else:
            self._at_random(service)
        if self._chance(IN_RECOVERY):
            self._in_recovery(service)
        rebuild = name == "status" and self._chance(REBUILD)
        self._start(service, rebuild=rebuild)
        if line is not None:
            self.world.proxy.open_all()
        self._progress(self.dice.randint(3, 25))

    def _chance(self, of_thousand):
        return self.dice.randrange(1000) < of_thousand

    def _trouble(self):
        if not self._chance(LINK_TROUBLE):
            return None
        line, mode = self.dice.choice(sorted(self.world.proxy.lines)), self.dice.choice(TROUBLES)
        self.world.proxy.set_mode(line, mode)
        self.troubles[mode] += 1
        return line

    def _at_point(self, service, point):
        seen = self.world.journal.acknowledged()
        ends = time.monotonic() + SECONDS_TO_PASS
        self._arm(service, f"{point}:{self.dice.randint(1, 3)}")
        if point.startswith("backup."):
            self.back_up(service.node)
        while service.process.poll() is None:
            self.world.keep_busy()
            if (self.world.journal.acknowledged() - seen > DEEDS_TO_PASS or
                    time.monotonic() > ends):
                self._disarm(service)
                return self._kill(service, f"({point} {NOT_PASSED})")
            time.sleep(0.002)
        self._note_death(service, point)

    def _at_random(self, service):
        """After some deeds and a moment more, so that it may be in the middle of anything."""
        self._progress(self.dice.randint(0, 20))
        time.sleep(self.dice.random() * 0.02)
        self._kill(service, "(a random moment)")

    def _in_recovery(self, service):
        point = self.dice.choice(self.starts[service.name])
        self._arm(service, point + ":1")
        service.launch()
        self._wait(lambda: service.process.poll() is not None or
                   os.path.exists(service.address_file), f"{service.node} {service.name} to start")
        if service.process.poll() is None:
            # This start had nothing of that to do. What comes after it may still die of it.
            self._disarm(service)
            self._kill(service, "(a random moment)")
        else:
            self._note_death(service, point)

    def _kill(self, service, where):
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        self._note_death(service, where)

    def _note_death(self, service, where):
        status = service.process.returncode
        if status != -signal.SIGKILL:
            self.world.journal.problem(f"{service.node} {service.name} ended with {status}: "
                                       f"{service.last_log_line()}")
        service.process = None
        self._disarm(service)
        self.done += 1
        self.at[f"{service.name} {where}"] += 1

    def _start(self, service, rebuild):
        began = time.monotonic()
        flags = self.world.nodes.extra_flags
        if rebuild:
            flags["status"] = ["--rebuild"]
        service.launch()
        flags.pop("status", None)
        service.wait_until_serving()
        self.longest_start = max(self.longest_start, time.monotonic() - began)

    def _progress(self, deeds):
        """Until the clients have had so many more requests acknowledged."""
        wanted = self.world.journal.acknowledged() + deeds

        def reached():
            self.world.keep_busy()
            return self.world.journal.acknowledged() >= wanted
        self._wait(reached, f"{deeds} more requests to be acknowledged")

    @staticmethod
    def _wait(reached, what):
        ends = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            if time.monotonic() > ends:
                raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what}")
            time.sleep(0.005)

    @staticmethod
    def _arm(service, text):
        with open(service.fault_file, "r+b") as file:
            file.write(text.encode("ascii").ljust(FAULT_FILE_BYTES, b"\0"))

    def _disarm(self, service):
        self._arm(service, "")
