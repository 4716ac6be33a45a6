"""The services' API for clients that stay: generated messages, kept connections, tokens.

The command would cost a process for each call. Needs Debian's python3-grpcio and python3-protobuf.
"""

import glob
import importlib
import os
import subprocess
import sys
import time

import grpc

from scenario import ROOT

PACKAGES = ("common", "intake", "referral", "status")
# As tools/cmake/redress.cmake.
INCLUDES = (os.path.join(ROOT, "protos"), "/usr/share/gocode/src/github.com/gogo/googleapis")
# Tokens live for ten minutes.
TOKEN_SECONDS = 300
CALL_SECONDS = 10
# Fast, since what is behind a connection is killed all the time.
CHANNEL_OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 50), ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 200), ("grpc.enable_retries", 0),
    ("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", 16 << 20))


class Messages:
    """The generated classes: `messages.intake("FileComplaintRequest")`, and every method by name."""

    def __init__(self, directory):
        protos = ["google/rpc/status.proto", "google/rpc/error_details.proto"]
        for package in PACKAGES:
            found = glob.glob(os.path.join(ROOT, "protos/redress", package, "v1", "*.proto"))
            protos += [os.path.relpath(path, INCLUDES[0]) for path in sorted(found)]
        os.makedirs(directory, exist_ok=True)
        subprocess.run(["protoc", *["-I" + path for path in INCLUDES],
                        "--python_out=" + directory, *protos], check=True)
        sys.path.insert(0, directory)
        self.methods, self._classes = {}, {}
        for proto in protos:
            self._take(importlib.import_module(proto.removesuffix(".proto").replace("/", ".") +
                                               "_pb2"))

    def _take(self, module):
        for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
            self._classes[descriptor.full_name] = getattr(module, name)
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                # Both logs are read by services only, so no other name is there twice.
                self.methods[method.name] = method

    def of(self, full_name):
        return self._classes[full_name]

    def request(self, verb, **fields):
        return self.of(self.methods[verb].input_type.full_name)(**fields)

    def intake(self, name, **fields):
        return self.of("redress.intake.v1." + name)(**fields)

    def referral(self, name, **fields):
        return self.of("redress.referral.v1." + name)(**fields)


def name_of(message, field):
    """What an enum field says, without the name of the enum: RECALLED for REFERRAL_STATE_RECALLED."""
    values = message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return values[getattr(message, field)].name.removeprefix(prefix)


class Tokens:
    """One token for each person, renewed before it ends. Thread-safe enough: at worst two are made."""

    def __init__(self, nodes):
        self.nodes, self.tokens = nodes, {}

    def of(self, person):
        token, made = self.tokens.get(person, ("", 0.0))
        if time.monotonic() - made < TOKEN_SECONDS and token:
            return token
        run = subprocess.run([os.path.join(self.nodes.bin_dir, "redress"), "--profile", person,
                              "token", "mint"], capture_output=True, text=True, check=True,
                             env={**os.environ, "REDRESS_PROFILES": self.nodes.profiles_dir()})
        token = run.stdout.strip()
        self.tokens[person] = (token, time.monotonic())
        return token


class Api:
    """Calls of one client, over connections of its own. Not thread-safe."""

    def __init__(self, nodes, messages, tokens):
        self.nodes, self.messages, self.tokens = nodes, messages, tokens
        self.node_of = {person.name: person.node for person in nodes.people}
        self.channels, self.calls = {}, {}

    def call(self, person, verb, request, seconds=CALL_SECONDS):
        """One call; a list of requests is a stream, and so may be the answer. Raises RpcError."""
        method = self.messages.methods[verb]
        call = self._callable(self.node_of[person], method)
        answer = call(iter(request) if method.client_streaming else request, timeout=seconds,
                      metadata=(("authorization", "Bearer " + self.tokens.of(person)),))
        return list(answer) if method.server_streaming else answer

    def _callable(self, node, method):
        key = (node, method.name)
        if key not in self.calls:
            # "redress.intake.v1" is served by intake, the directory of bodies by referral.
            service = method.containing_service.full_name.split(".")[1]
            channel = self._channel(node, service)
            kind = ("stream" if method.client_streaming else "unary",
                    "stream" if method.server_streaming else "unary")
            self.calls[key] = getattr(channel, "_".join(kind))(
                f"/{method.containing_service.full_name}/{method.name}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=self.messages.of(method.output_type.full_name).FromString)
        return self.calls[key]

    def _channel(self, node, service):
        if (node, service) not in self.channels:
            address = f"127.0.0.1:{self.nodes.ports[node][service]}"
            self.channels[node, service] = grpc.insecure_channel(address, options=CHANNEL_OPTIONS)
        return self.channels[node, service]

    def pages(self, person, verb, field, **fields):
        """All items of a list, however many pages."""
        items, token = [], ""
        while True:
            answer = self.call(person, verb, self.messages.request(
                verb, page_size=200, page_token=token, **fields))
            items += getattr(answer, field)
            token = answer.next_page_token
            if not token:
                return items

    def reason(self, error):
        """The coded reason of a refusal, e.g. ETAG_STALE; empty without one."""
        for key, value in error.trailing_metadata() or ():
            if key != "grpc-status-details-bin":
                continue
            for detail in self.messages.of("google.rpc.Status").FromString(value).details:
                info = self.messages.of("google.rpc.ErrorInfo")()
                if detail.Unpack(info):
                    return info.reason
        return ""

    def close(self):
        for channel in self.channels.values():
            channel.close()
