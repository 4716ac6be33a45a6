"""etcd as Debian packages it, in a data directory of its own."""

import shutil
import subprocess
import urllib.request

from parts import BenchError, START_SECONDS, free_port, wait_until


class Etcd:
    """One member on free ports. Its reads are measured of a fresh process: after heavy puts they
    are a fraction of that for minutes."""

    def __init__(self, directory):
        self.directory, self.process = directory, None
        self.client, self.peer = free_port(), free_port()
        self.target = f"127.0.0.1:{self.client}"

    def start(self):
        client, peer = f"http://{self.target}", f"http://127.0.0.1:{self.peer}"
        with open(self.directory + ".log", "ab") as log:
            self.process = subprocess.Popen(
                [shutil.which("etcd") or "etcd", "--data-dir", self.directory,
                 "--listen-client-urls", client, "--advertise-client-urls", client,
                 "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                 "--initial-cluster", f"default={peer}", "--quota-backend-bytes", str(8 << 30)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        wait_until(self._ready, "etcd")

    @property
    def pid(self):
        return self.process.pid

    def _ready(self):
        if self.process.poll() is not None:
            raise BenchError(f"etcd ended with {self.process.returncode}; see {self.directory}.log")
        try:
            with urllib.request.urlopen(f"http://{self.target}/health", timeout=2) as answer:
                return b"true" in answer.read()
        except OSError:
            return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=START_SECONDS)

    def restart(self):
        self.stop()
        self.start()
