"""Runs whole nodes on this machine: keys, certificates, ports, processes, profiles.

Used by tools/demo and by the tests under tests/e2e, so that what is shown and what is tested start
the same way. A node is three processes with a store each; everything lies under one data
directory, and a second start finds it all again:

    <data dir>/nodes.json               the ports that were chosen
    <data dir>/pki/                     the development certificates of the exchange
    <data dir>/<node>/keys/             the node's keys, its issuers and its peers
    <data dir>/<node>/<service>/        store, files, log, address of one service
    <data dir>/keys/, <data dir>/profiles/   one key and one profile for each person

Only the standard library is needed.
"""

import base64
import hashlib
import json
import os
import random
import signal
import socket
import ssl
import subprocess
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVICES = ("intake", "referral", "status")

# How long a service may take to serve before the start is given up.
START_SECONDS = 60
# How long a service may take to finish its calls after SIGTERM.
STOP_SECONDS = 30


class NodeError(Exception):
    """Something did not start, stop or answer; the text says what and where its log is."""


# What holds the ports that this process was given, as long as it lives.
_claims = []


def free_port(numbers=random.SystemRandom()):
    """One that is free, below those that the system gives to outgoing connections: one of these
    could be taken by somebody's connection before the service listens.

    No other call, in this process or in one beside it, gets the same port while this process lives,
    even though nothing listens on it yet: whoever is given a port also holds a name in the system's
    abstract socket names, which go away by themselves.
    """
    while True:
        port = numbers.randrange(20000, 32000)
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0redress-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port


def write_json(path, value, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = path + ".new"
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w",
              encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    os.replace(temporary, path)


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Person:
    """Someone with a profile: who they are, and what their issuer key may say of them."""

    def __init__(self, name, node, person, body, roles, rights=(), posting="", case="", member="",
                 province=""):
        self.name, self.node, self.person, self.body = name, node, person, body
        self.roles, self.rights, self.posting = list(roles), list(rights), posting
        self.case, self.member, self.province = case, member, province


class Service:
    """One process of a node."""

    def __init__(self, nodes, node, name):
        self.nodes, self.node, self.name = nodes, node, name
        self.directory = os.path.join(nodes.data_dir, node, name)
        self.address_file = os.path.join(self.directory, "address.json")
        self.pid_file = os.path.join(self.directory, "pid")
        self.log = os.path.join(self.directory, "log")
        self.process = None

    def command(self):
        nodes, ports = self.nodes, self.nodes.ports[self.node]
        keys = os.path.join(nodes.data_dir, self.node, "keys")
        command = [
            os.path.join(nodes.bin_dir, "redress-" + self.name),
            f"--node={self.node}",
            f"--data_dir={self.directory}",
            f"--listen=127.0.0.1:{ports[self.name]}",
            f"--address_file={self.address_file}",
            f"--node_keys={keys}",
            f"--issuers={keys}/issuers.json",
            f"--metrics_listen=127.0.0.1:{ports[self.name + '-metrics']}",
        ]
        if nodes.clock_file:
            command.append(f"--test_clock_file={nodes.clock_file}")
        if self.name in ("referral", "status"):
            command.append(f"--intake=127.0.0.1:{ports['intake']}")
        if self.name == "status":
            command.append(f"--referral=127.0.0.1:{ports['referral']}")
        if self.name == "referral":
            pki = os.path.join(nodes.data_dir, "pki")
            command += [
                f"--exchange_listen=127.0.0.1:{ports['exchange']}",
                f"--exchange_cert={pki}/{self.node}/node.crt",
                f"--exchange_key={pki}/{self.node}/node.key",
                f"--exchange_ca={pki}/ca.crt",
                f"--peers={keys}/peers.json",
            ]
            if nodes.clock_rules:
                command.append(f"--clock_rules={nodes.clock_rules}")
        command += nodes.extra_flags.get(self.name, [])
        return nodes.prefixes.get(self.name, []) + command

    def running_pid(self):
        """The pid of the process that serves this data directory, if it is alive."""
        if self.process is not None:
            return self.process.pid if self.process.poll() is None else None
        try:
            with open(self.pid_file, encoding="utf-8") as file:
                pid = int(file.read())
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                mine = f"--data_dir={self.directory}".encode() in file.read().split(b"\0")
            return pid if mine else None
        except (OSError, ValueError):
            return None

    def start(self, fault=""):
        """Starts the process and waits until it serves. `fault` names a fault point to die at."""
        if self.running_pid() is not None:
            return
        self.launch(fault)
        self.wait_until_serving()

    def launch(self, fault=""):
        os.makedirs(self.directory, mode=0o700, exist_ok=True)
        if os.path.exists(self.address_file):
            os.unlink(self.address_file)
        environment = {**os.environ, **self.nodes.environment_of(self)}
        environment.pop("REDRESS_FAULT", None)
        if fault:
            environment["REDRESS_FAULT"] = fault
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=environment, start_new_session=True)
        with open(self.pid_file, "w", encoding="utf-8") as file:
            file.write(str(self.process.pid))

    def wait_until_serving(self):
        deadline = time.monotonic() + START_SECONDS
        while not os.path.exists(self.address_file):
            if self.process.poll() is not None:
                raise NodeError(f"{self.node} {self.name} ended with {self.process.returncode} "
                                f"before it served; {self.last_log_line()}")
            if time.monotonic() > deadline:
                raise NodeError(f"{self.node} {self.name} did not serve within {START_SECONDS} s; "
                                f"see {self.log}")
            time.sleep(0.02)

    def metrics(self):
        """What it tells to whoever watches over it, as text."""
        port = self.nodes.ports[self.node][self.name + "-metrics"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
            return answer.read().decode("utf-8")

    def last_log_line(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            lines = file.read().strip().splitlines()
        return (lines or ["its log is empty"])[-1]

    def stop(self, how=signal.SIGTERM):
        """Gives the exit status; None where nothing ran, or what another program had started."""
        status, pid = None, self.running_pid()
        if pid is not None:
            os.kill(pid, how)
            self.wait_until_gone(pid)
            status = self.process.returncode if self.process is not None else None
        self.process = None
        return status

    def kill(self):
        """As a power cut to this process: no goodbye."""
        self.stop(signal.SIGKILL)

    def hang(self):
        """The process stays and answers nobody, as behind a line that swallows everything."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def wake(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def wait_until_gone(self, pid):
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                return
            if self.process is None and not os.path.exists(f"/proc/{pid}"):
                return
            time.sleep(0.01)
        raise NodeError(f"{self.node} {self.name} (pid {pid}) did not stop in {STOP_SECONDS} s")

    def wait_for_exit(self, seconds=START_SECONDS):
        """Waits until the process ends by itself, as one does that was given a fault point."""
        code = self.process.wait(timeout=seconds)
        self.process = None
        return code


class LocalNodes:
    """The nodes of one data directory.

    clock_file   a file that moves the services' time (test builds only)
    clock_rules  a file of other durations for the clocks of referrals
    """

    def __init__(self, data_dir, bin_dir, nodes, people, clock_file="", clock_rules=""):
        self.data_dir, self.bin_dir = os.path.abspath(data_dir), os.path.abspath(bin_dir)
        self.nodes, self.people = list(nodes), list(people)
        self.clock_file, self.clock_rules = clock_file, clock_rules
        self.extra_flags = {}  # By the service's name.
        self.prefixes = {}  # What a service is started by, as ["prlimit", "--nofile=256"].
        self.ports = {}
        self.services = {(node, name): Service(self, node, name)
                         for node in self.nodes for name in SERVICES}

    def service(self, node, name):
        return self.services[(node, name)]

    def peer_address(self, _node, peer):
        """Where `_node` reaches `peer`; another class may put something in between."""
        return f"127.0.0.1:{self.ports[peer]['exchange']}"

    def environment_of(self, _service):
        """Variables that a service's process gets on top of this one's."""
        return {}

    def profiles_dir(self):
        return os.path.join(self.data_dir, "profiles")

    def prepare(self):
        """Makes what is missing; what is there stays, so that a second start finds its data."""
        os.makedirs(self.data_dir, mode=0o700, exist_ok=True)
        self._choose_ports()
        subprocess.run([os.path.join(ROOT, "deploy/pki/make-dev-pki"),
                        os.path.join(self.data_dir, "pki"), *self.nodes],
                       check=True, stdout=subprocess.DEVNULL)
        for node in self.nodes:
            self._make_node_keys(node)
        for person in self.people:
            self.add_profile(person)

    def _choose_ports(self):
        path = os.path.join(self.data_dir, "nodes.json")
        self.ports = read_json(path) if os.path.exists(path) else {}
        wanted = SERVICES + ("exchange",) + tuple(name + "-metrics" for name in SERVICES)
        for node in self.nodes:
            ports = self.ports.setdefault(node, {})
            for name in wanted:
                ports.setdefault(name, free_port())
        write_json(path, self.ports)

    def _make_node_keys(self, node):
        keys = os.path.join(self.data_dir, node, "keys")
        os.makedirs(keys, mode=0o700, exist_ok=True)
        self._redress("node", "keygen", keys)
        self._register(node, f"{keys}/service.key", "services", ["--body", f"{node}:services",
                                                                 "--role", "service"])
        peers = [{"node": peer, "address": self.peer_address(node, peer),
                  "certificate_sha256": self._fingerprint(peer)}
                 for peer in self.nodes]
        write_json(f"{keys}/peers.json", peers)

    def _register(self, node, key, label, claims):
        registry = os.path.join(self.data_dir, node, "keys", "issuers.json")
        self._redress("token", "register", "--registry", registry, "--key", key, "--label", label,
                      *claims)

    def _fingerprint(self, node):
        with open(os.path.join(self.data_dir, "pki", node, "node.crt"), encoding="ascii") as file:
            return hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).hexdigest()

    def _redress(self, *arguments):
        run = subprocess.run([os.path.join(self.bin_dir, "redress"), *arguments],
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise NodeError(f"redress {' '.join(arguments[:2])}: {run.stderr.strip()}")

    def add_profile(self, person):
        """Makes the person's key, lets it sign tokens for the node, and writes the profile."""
        if person not in self.people:
            self.people.append(person)
        key = os.path.join(self.data_dir, "keys", person.name + ".key")
        if not os.path.exists(key):
            os.makedirs(os.path.dirname(key), mode=0o700, exist_ok=True)
            self._redress("token", "keygen", key)
        ports = self.ports[person.node]
        profile = {
            "node": person.node,
            "intake": f"127.0.0.1:{ports['intake']}",
            "referral": f"127.0.0.1:{ports['referral']}",
            "status": f"127.0.0.1:{ports['status']}",
            "key_file": f"../keys/{person.name}.key",
            "person": person.person,
            "body": person.body,
            "roles": person.roles,
            "rights": person.rights,
        }
        for name in ("posting", "case", "member", "province"):
            if getattr(person, name):
                profile[name] = getattr(person, name)
        write_json(os.path.join(self.profiles_dir(), person.name + ".json"), profile)
        claims = [option for role in person.roles for option in ("--role", role)]
        claims += [option for right in person.rights for option in ("--right", right)]
        for name in ("body", "posting", "province"):
            if getattr(person, name):
                claims += ["--" + name, getattr(person, name)]
        self._register(person.node, key, person.name, claims)

    def start(self, node=None):
        for (owner, _), service in self.services.items():
            if node in (None, owner):
                service.start()

    def stop(self, node=None):
        for (owner, _), service in reversed(list(self.services.items())):
            if node in (None, owner):
                service.stop()

    def kill(self, node=None):
        for (owner, _), service in self.services.items():
            if node in (None, owner):
                service.kill()


def random_request_id():
    """A request id for one call; repeating the call with the same one has no second effect."""
    return base64.urlsafe_b64encode(os.urandom(18)).decode("ascii")
