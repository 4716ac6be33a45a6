"""A cluster of PostgreSQL 15 as Debian packages it, in a directory of its own."""

import os
import pwd
import subprocess

from machine import descendants, process_time
from parts import BenchError, free_port, wait_until

POSTGRES_BIN = "/usr/lib/postgresql/15/bin"
OWNER = "bench"


class Cluster:
    """On a free port, with the settings of the package but for where it lies.

    PostgreSQL does not run as root; then the user that its package made runs it.
    """

    def __init__(self, directory):
        self.directory, self.port, self.process = directory, free_port(), None
        self.user = "postgres" if os.getuid() == 0 else None
        os.makedirs(directory, mode=0o755)
        self.give_away(directory)
        self.data, self.log = os.path.join(directory, "data"), os.path.join(directory, "log")
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale=C")

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.as_user([f"{POSTGRES_BIN}/postgres", "-D", self.data, "-h", "127.0.0.1", "-p",
                              str(self.port), "-k", self.directory, "-c", "max_connections=300"]),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/")
        wait_until(self._ready, "PostgreSQL")

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
            self.process.wait()

    def pids(self):
        """The server, the process that became its user, and its sessions."""
        return [self.process.pid, *descendants(self.process.pid)]

    def cpu(self):
        return sum(process_time(pid, True) for pid in self.pids())

    def psql(self, text, database="postgres"):
        return self.run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-tAq", "-v",
                        "ON_ERROR_STOP=1", "-c", text, database).strip()

    def give_away(self, path):
        """A directory or file of ours to whom the cluster runs as."""
        if self.user:
            owner = pwd.getpwnam(self.user)
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def as_user(self, command):
        return ["setpriv", "--reuid", self.user, "--regid", self.user, "--clear-groups",
                *command] if self.user else command

    def run(self, program, *arguments):
        run = subprocess.run(self.as_user([f"{POSTGRES_BIN}/{program}", *arguments]),
                             capture_output=True, text=True, check=False, cwd="/")
        if run.returncode != 0:
            raise BenchError(f"{program}: {run.stderr.strip()[-1000:]}")
        return run.stdout

    def _ready(self):
        if self.process.poll() is not None:
            raise BenchError(f"PostgreSQL ended with {self.process.returncode}; see {self.log}")
        run = subprocess.run([f"{POSTGRES_BIN}/pg_isready", "-q", "-h", "127.0.0.1", "-p",
                              str(self.port)], check=False)
        return run.returncode == 0
