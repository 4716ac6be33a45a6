"""The line between two nodes, which can be cut, stall, or lose what comes back."""

import asyncio
import threading

OPEN = "open"
CUT = "cut"          # Connections break, and new ones are closed at once.
STALLED = "stalled"  # Bytes wait, both ways, as behind a line that swallows packets.
DEAF = "deaf"        # What the sender sends arrives; receipts are dropped.
TROUBLES = (CUT, STALLED, DEAF)


class _Connection:
    """Two sockets and the bytes between them."""

    def __init__(self, line, near, far):
        self.line, self.ends = line, (near, far)
        self.lost = False  # Bytes were dropped: it can only be closed now.

    async def run(self):
        (near_in, near_out), (far_in, far_out) = self.ends
        pumps = [asyncio.ensure_future(self._pump(near_in, far_out, back=False)),
                 asyncio.ensure_future(self._pump(far_in, near_out, back=True))]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        self.abort()

    async def _pump(self, source, sink, back):
        try:
            while data := await source.read(1 << 16):
                while self.line.mode == STALLED:
                    await self.line.changed.wait()
                if self.line.mode == DEAF and back:
                    self.lost = True
                    continue
                sink.write(data)
                await sink.drain()
        except OSError:
            pass  # Broken by one of the nodes: run() closes the other end.

    def abort(self):
        for _, writer in self.ends:
            writer.transport.abort()


class _Line:
    """One direction: what connects here reaches `port`."""

    def __init__(self, port):
        self.port, self.mode = port, OPEN
        self.changed = asyncio.Event()
        self.connections = set()

    async def accept(self, reader, writer):
        if self.mode == CUT:
            writer.transport.abort()
            return
        try:
            far = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()  # As the node itself: nobody listens.
            return
        connection = _Connection(self, (reader, writer), far)
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)

    def set_mode(self, mode):
        self.mode = mode
        self.changed.set()
        self.changed = asyncio.Event()
        for connection in list(self.connections):
            if mode == CUT or connection.lost:
                connection.abort()


class LinkProxy:
    """Lines to exchange ports, run by a thread of their own. Thread-safe."""

    def __init__(self, targets):
        """targets   name of a line → the port it leads to"""
        self.loop = asyncio.new_event_loop()
        self.lines, self.ports, self.servers = {}, {}, []
        self.loop.run_until_complete(self._listen(targets))
        self.thread = threading.Thread(target=self.loop.run_forever, name="link proxy", daemon=True)
        self.thread.start()

    async def _listen(self, targets):
        for name, port in targets.items():
            line = self.lines[name] = _Line(port)
            server = await asyncio.start_server(line.accept, "127.0.0.1", 0)
            self.servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]

    def set_mode(self, name, mode):
        self.loop.call_soon_threadsafe(self.lines[name].set_mode, mode)

    def open_all(self):
        for name in self.lines:
            self.set_mode(name, OPEN)

    def close(self):
        self.loop.call_soon_threadsafe(self._stop)
        self.thread.join()
        self.loop.close()

    def _stop(self):
        for line in self.lines.values():
            line.set_mode(CUT)
        for server in self.servers:
            server.close()
        # What the aborts have woken ends before the loop does.
        self.loop.call_later(0.1, self.loop.stop)
