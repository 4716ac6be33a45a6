#ifndef REDRESS_SERVICES_INTAKE_RPC_RPC_PARTS_H_
#define REDRESS_SERVICES_INTAKE_RPC_RPC_PARTS_H_

#include "services/intake/app/intake_app.h"
#include "services/intake/domain/field_checker.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/ids/names.h"
#include "services/platform/time/clock.h"

namespace redress::intake {

// What the handlers of the RPCs work with. All references are borrowed from the wiring and outlive
// the server.
//
// Every handler has the same four steps: parse the request, let the application act for the caller
// (whose role the server has held against IntakeAccess before), convert its answer. What is wrong
// with a request is told all at once: where the parser finds something, the domain's own checks are
// asked as well before the refusal goes out.
struct RpcParts {
  IntakeApp& app;
  const IsoCodes& codes;
  const Clock& clock;
  NodeId node;

  ValidationContext Validation() const { return {codes, DateOf(clock.Now())}; }
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_RPC_PARTS_H_
