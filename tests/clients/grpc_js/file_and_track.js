// A client that shares nothing with the services but their protos: it files a complaint and asks for
// its status by the worker's tracking code. Prints one line of JSON for the test that started it.
//
//   node file_and_track.js PROTOS INTAKE STATUS DESK_TOKEN KIOSK_TOKEN FILING.json

import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const [protos, intakeAddress, statusAddress, deskToken, kioskToken, filingPath] =
  process.argv.slice(2);

const definition = protoLoader.loadSync(
  ["redress/intake/v1/intake_service.proto", "redress/status/v1/status_service.proto"],
  { includeDirs: [protos], keepCase: false, longs: String, enums: String, defaults: true },
);
const { redress } = grpc.loadPackageDefinition(definition);
const insecure = grpc.credentials.createInsecure();
const intake = new redress.intake.v1.IntakeService(intakeAddress, insecure);
const status = new redress.status.v1.StatusService(statusAddress, insecure);

function call(client, method, request, token) {
  const metadata = new grpc.Metadata();
  if (token) metadata.set("authorization", `Bearer ${token}`);
  return new Promise((resolve, reject) => {
    client[method](request, metadata, { deadline: Date.now() + 10_000 }, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
}

async function refusal(promise) {
  try {
    await promise;
    return "not refused";
  } catch (error) {
    return grpc.status[error.code];
  }
}

async function track(code) {
  for (let tries = 0; ; ++tries) {
    try {
      return await call(status, "trackByReceipt", { trackingCode: code }, kioskToken);
    } catch (error) {
      // The status service reads what was filed a moment later.
      if (error.code !== grpc.status.NOT_FOUND || tries === 200) throw error;
      await pause(50);
    }
  }
}

const request = {
  requestId: `grpc-js-${process.pid}-${Date.now()}`,
  filing: JSON.parse(readFileSync(filingPath, "utf8")),
};
const filed = await call(intake, "fileComplaint", request, deskToken);
const repeated = await call(intake, "fileComplaint", request, deskToken);
const tracked = await track(filed.receipts[0].trackingCode);
console.log(
  JSON.stringify({
    caseNumber: filed.caseNumber,
    repeatedCaseNumber: repeated.caseNumber,
    trackedCaseNumber: tracked.caseNumber,
    trackedState: tracked.caseState,
    withoutToken: await refusal(call(intake, "fileComplaint", request, "")),
    trackedByDesk: await refusal(
      call(status, "trackByReceipt", { trackingCode: filed.receipts[0].trackingCode }, deskToken),
    ),
  }),
);
intake.close();
status.close();
