#ifndef REDRESS_SERVICES_INTAKE_STORAGE_EVENT_CODEC_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_EVENT_CODEC_H_

#include <string>

#include "services/intake/app/case_events.h"

namespace redress::intake {

// The bytes of a redress.intake.v1.Event, without its number, which only the log knows: readers
// parse them with the generated message. event_codec_test.cc holds the two against each other.
std::string EncodeEvent(const CaseEvent& event);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_EVENT_CODEC_H_
