// Makes calls that the command would not make: without a token or a deadline, with a token changed
// and signed again, with a stream that ends too early. Knows nothing but the protos.
//
//   node raw_calls.js PROTOS < calls.json      prints one JSON outcome for each call, in a list
//   node raw_calls.js PROTOS --methods         prints every service with its methods
//
// A call: {address, service, method, messages: [request, …], token, sign, deadline, cancel}.
// `sign` is {keyFile, claims}: the token of before with these claims changed. `deadline` false sends
// none; `cancel` true cuts the stream off instead of ending it.

import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const [protos, mode] = process.argv.slice(2);
const services = {
  "redress.intake.v1.IntakeService": "redress/intake/v1/intake_service.proto",
  "redress.referral.v1.ReferralService": "redress/referral/v1/referral_service.proto",
  "redress.referral.v1.DirectoryService": "redress/referral/v1/directory_service.proto",
  "redress.exchange.v1.ExchangeService": "redress/exchange/v1/exchange_service.proto",
  "redress.status.v1.StatusService": "redress/status/v1/status_service.proto",
};
const definition = protoLoader.loadSync(Object.values(services), {
  includeDirs: [protos],
  keepCase: false,
  longs: String,
  enums: String,
  bytes: String,
  defaults: true,
});

function changedToken({ token, sign: change }) {
  if (!change) return token;
  const seed = readFileSync(change.keyFile, "utf8").trim().split(" ");
  const key = createPrivateKey({
    key: Buffer.concat([
      Buffer.from("302e020100300506032b657004220420", "hex"),
      Buffer.from(seed[3], "base64url"),
    ]),
    format: "der",
    type: "pkcs8",
  });
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString("utf8"));
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { alg: "EdDSA", kid: seed[2], typ: "JWT" };
  const signed = `${encode(header)}.${encode({ ...claims, ...change.claims })}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

const channels = new Map();
function channelTo(address) {
  if (!channels.has(address)) {
    channels.set(address, new grpc.Client(address, grpc.credentials.createInsecure()));
  }
  return channels.get(address);
}

function make(one) {
  const method = definition[one.service][one.method];
  const metadata = new grpc.Metadata();
  const token = changedToken(one);
  if (token) metadata.set("authorization", `Bearer ${token}`);
  const options = one.deadline === false ? {} : { deadline: Date.now() + 20_000 };
  return new Promise((resolve) => {
    const answers = [];
    // As one stream whatever the kind: a unary call is a stream with one message each way.
    const call = channelTo(one.address).makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      metadata,
      options,
    );
    call.on("data", (answer) => answers.push(answer));
    call.on("error", () => {});
    call.on("status", (status) =>
      resolve({
        code: grpc.status[status.code],
        message: status.details,
        details: status.metadata.get("grpc-status-details-bin").map((d) => d.toString("base64")),
        answers,
      }),
    );
    for (const message of one.messages ?? [{}]) call.write(message);
    if (one.cancel) setImmediate(() => call.cancel());
    else call.end();
  });
}

if (mode === "--methods") {
  const methods = {};
  for (const name of Object.keys(services)) methods[name] = Object.keys(definition[name]);
  console.log(JSON.stringify(methods));
} else {
  const outcomes = [];
  for (const one of JSON.parse(readFileSync(0, "utf8"))) outcomes.push(await make(one));
  console.log(JSON.stringify(outcomes));
}
for (const channel of channels.values()) channel.close();
