"""One run: two nodes with empty stores, eight clients, so many kills, and the comparison."""

import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from api import Messages, Tokens
from cases import CORRIDORS
from clients import Client, Quota, Turnstile
from deeds import Journal
from directory_loader import load_directories
from kills import FAULT_FILE_BYTES, Killer
from link_proxy import LinkProxy
from local_nodes import LocalNodes, Person
from oracle import Oracle
from redress_cli import RedressCli, Refused
from scenario import BIN
from story import people, story_filing

NODES = ("kh", "my")
CLIENTS = 8
INCOMING = 1  # Direction of referrals.
KILLS_BETWEEN_COMPARISONS = 20
# Filed when nothing is left to be done: enough for the clients to meet each other.
CASES_AT_ONCE = 8
# For the links and the read models to come to rest, on however slow a machine.
REST_SECONDS = 180
PEOPLE = (
    Person("my-desk", "my", "nurul.aina", "my:tenaganita", ["desk"]),
    Person("my-kiosk", "my", "kiosk", "my:tenaganita", ["kiosk"]),
    Person("my-ministry", "my", "azman.ali", "my:jtksm", ["ministry"], ["refer", "approve"]),
    Person("kh-cuf", "kh", "heng.bopha", "kh:cuf", ["contact"]),
)


class LinkedNodes(LocalNodes):
    """Nodes that reach each other through lines of a proxy, with a file for fault points each."""

    def __init__(self, directory):
        super().__init__(directory, BIN, NODES, [*people(NODES), *PEOPLE])
        self.proxy = None
        for service in self.services.values():
            service.fault_file = os.path.join(service.directory, "fault")

    def prepare(self):
        os.makedirs(self.data_dir, mode=0o700, exist_ok=True)
        self._choose_ports()
        self.proxy = LinkProxy({f"{node}-{peer}": self.ports[peer]["exchange"]
                                for node in NODES for peer in NODES if node != peer})
        super().prepare()
        for service in self.services.values():
            os.makedirs(service.directory, mode=0o700, exist_ok=True)
            with open(service.fault_file, "wb") as file:
                file.write(bytes(FAULT_FILE_BYTES))

    def peer_address(self, node, peer):
        if node == peer:
            return super().peer_address(node, peer)
        return f"127.0.0.1:{self.proxy.ports[f'{node}-{peer}']}"

    def environment_of(self, service):
        return {"REDRESS_FAULT_FILE": service.fault_file}


class Run:
    """A world of its own, from one seed. `problems` holds what is wrong after `go`."""

    def __init__(self, seed, kills, tell=print):
        self.seed, self.kills, self.tell = seed, kills, tell
        self.directory = tempfile.mkdtemp(prefix="redress-fault-")
        self.nodes = LinkedNodes(self.directory)
        self.journal, self.quota = Journal(), Quota()
        self.turnstile = Turnstile(CLIENTS)
        self.filing = story_filing("fishing_crew")
        self.cli = RedressCli(self.nodes)
        self.messages = self.tokens = self.proxy = self.killer = None
        self.clients, self.compared, self.backups = [], 0, []
        self.slowest_pause = self.slowest_rest = 0.0

    @property
    def problems(self):
        return self.journal.problems

    def keep_busy(self):
        """Lets clients file more when few of them have anything left to do."""
        working = sum(1 for client in self.clients if client.working)
        if self.quota.left <= 0 and working <= CLIENTS // 2:
            self.quota.add(CASES_AT_ONCE)

    def go(self):
        """The folder stays when something was wrong."""
        try:
            self._begin()
            self._kill_and_compare()
            self._end()
        except Exception:  # pylint: disable=broad-except
            self.journal.problem(traceback.format_exc())
        finally:
            self._clear_up()
        return not self.problems

    def _begin(self):
        self.nodes.prepare()
        self.proxy = self.nodes.proxy
        self.nodes.start()
        load_directories(self.nodes)
        self.messages = Messages(os.path.join(self.directory, "generated"))
        self.tokens = Tokens(self.nodes)
        self.killer = Killer(self, random.Random(f"{self.seed} kills"), self.back_up)
        self.clients = [Client(number, self.seed, self) for number in range(CLIENTS)]
        for client in self.clients:
            client.start()

    def _kill_and_compare(self):
        while self.killer.done < self.kills and not self.problems:
            ends = min(self.kills, self.killer.done + KILLS_BETWEEN_COMPARISONS)
            while self.killer.done < ends and not self.problems:
                self.killer.kill_one()
            last = self.killer.done >= self.kills
            self._compare(everything=last)
            self.tell(f"{self.killer.done} kills, {self.journal.acknowledged()} requests "
                      f"acknowledged, {sum(len(c.cases) for c in self.clients)} cases compared, "
                      f"{len(self.problems)} problems")
            self.turnstile.set("end" if last else "go")

    def _compare(self, everything):
        """All clients stop, the links come to rest, then everything is looked at."""
        self.proxy.open_all()
        began = time.monotonic()
        if not self.turnstile.rest(REST_SECONDS):
            self.journal.problem("a client did not end what it did")
            return
        for thread in self.backups:
            thread.join()
        self.backups = []
        self.slowest_pause = max(self.slowest_pause, time.monotonic() - began)
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda client: self._compare_cases(client, everything), self.clients))
        self._compare_lists()
        self.slowest_rest = max(self.slowest_rest, time.monotonic() - began)

    def _compare_cases(self, client, everything):
        """Until nothing is wrong any more: what travels may take its time."""
        oracle = Oracle(client.api, self.messages)
        left = [case for case in client.cases if everything or case.touched]
        ends, wrong, pause = time.monotonic() + REST_SECONDS, [], 0.1
        while left:
            wrong = [(case, oracle.wrong_with(case)) for case in left]
            left = [case for case, found in wrong if found]
            if time.monotonic() > ends:
                for _, found in wrong:
                    for text in found:
                        self.journal.problem(text)
                break
            if left:
                time.sleep(pause)
                pause = min(2 * pause, 2)
        for case in client.cases:
            case.touched = False

    def _compare_lists(self):
        """Nothing is there that nobody was told of, but what was never answered."""
        api = self.clients[0].api
        for node, ministry in (("kh", "kh-ministry"), ("my", "my-ministry")):
            rows = api.pages(ministry, "ListComplaints", "cases")
            cases = [case for client in self.clients for case in client.cases
                     if case.corridor.home == node]
            pending = {case.reference for client in self.clients
                       for case in client.pending_filings if case.corridor.home == node}
            there = {row.case_number for row in rows}
            if len(there) != len(rows):
                self.journal.problem(f"{node}: a case is listed twice")
            unknown = there - {case.number for case in cases}
            for number in sorted(unknown):
                seen = api.call(ministry, "GetComplaint", self.messages.request(
                    "GetComplaint", case_number=number)).complaint_case
                # Each reference is used up: a filing that was never answered is there once.
                if seen.complaint.own_reference not in pending:
                    self.journal.problem(f"{number} is there and nobody filed it, or twice")
                pending.discard(seen.complaint.own_reference)
            self._compare_models(api, node, ministry, there)
        for contact in sorted({corridor.contact for corridor in CORRIDORS}):
            self._compare_incoming(api, contact)

    def _compare_incoming(self, api, contact):
        """A receiver sees each referral once, and none that nobody asked for."""
        cases = [case for client in self.clients for case in client.cases]
        known = {case.referral.referral_id for case in cases if case.referral}
        known |= {case.number + "/R1" for case in cases
                  if case.pending and case.pending[0] == "ReferComplaint"}
        rows = api.pages(contact, "ListReferrals", "referrals", direction=INCOMING)
        seen = Counter(row.referral_id for row in rows)
        for referral_id, count in seen.items():
            if count > 1 or referral_id not in known:
                self.journal.problem(f"{contact} sees {referral_id} {count} times" +
                                     ("" if referral_id in known else ", and nobody referred it"))

    def _compare_models(self, api, node, ministry, there):
        ends = time.monotonic() + REST_SECONDS
        while True:
            rows = [row.case_number for row in api.pages(ministry, "ListCases", "cases")
                    if row.case_number.startswith(node.upper())]
            if sorted(rows) == sorted(there):
                return
            if time.monotonic() > ends:
                self.journal.problem(f"status of {node} lists {len(rows)} cases of {len(there)}")
                return
            time.sleep(0.1)

    # --- backups, and the end ---

    def back_up(self, node):
        """Begins a backup that a kill may break off."""
        def make():
            try:
                self.cli.call(f"{node}-admin", "node", "backup", self.backup_of(node))
            except Refused:
                pass  # The service died of it. The last backup has to come about.
        thread = threading.Thread(target=make, name="backup", daemon=True)
        self.backups.append(thread)
        thread.start()

    def backup_of(self, node):
        return os.path.join(self.directory, "backups", node)

    def _end(self):
        """A backup comes about in spite of those that broke off; services end well; stores fit."""
        for node in NODES:
            self.cli.call(f"{node}-admin", "node", "backup", self.backup_of(node))
            self._run_redress("node", "backup", "verify", self.backup_of(node), *self._keys(node))
        # A connection that nobody looks at keeps a service from ending until its grace is over.
        self._let_clients_go()
        for service in reversed(list(self.nodes.services.values())):
            self._stop_well(service)
        for node in NODES:
            self._run_redress("node", "check", os.path.join(self.directory, node), *self._keys(node))

    def _stop_well(self, service):
        status = service.stop()
        if status != 0:
            how = "had ended by itself" if status is None else f"ended with {status}"
            self.journal.problem(f"{service.node} {service.name}, told to stop, {how}; "
                                 f"{service.last_log_line()}")

    def _keys(self, node):
        return ("--node-keys", os.path.join(self.directory, node, "keys"),
                "--scratch", self.directory)

    def _run_redress(self, *arguments):
        run = subprocess.run([self.cli.binary, *arguments], capture_output=True, text=True,
                             check=False)
        if run.returncode != 0:
            self.journal.problem(f"redress {' '.join(arguments[:3])}: {run.stdout[-2000:]} "
                                 f"{run.stderr.strip()}")

    def _let_clients_go(self):
        self.turnstile.set("end")
        for client in self.clients:
            client.join()
            client.api.close()

    def _clear_up(self):
        self.turnstile.set("end")
        self.nodes.kill()
        self._let_clients_go()
        if self.proxy is not None:
            self.proxy.close()
        if not self.problems:
            shutil.rmtree(self.directory, ignore_errors=True)
