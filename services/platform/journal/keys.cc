#include "services/platform/journal/keys.h"

#include "services/platform/kv/key_codec.h"

namespace redress::journal {

std::string EventLog() { return kv::KeyWriter(kEventsTable).Take(); }

std::string OutboxLog(std::string_view peer) {
  return kv::KeyWriter(kOutboxTable).String(peer).Take();
}

std::string RequestKey(std::string_view caller, std::string_view request_id) {
  return kv::KeyWriter(kRequestsTable).String(caller).String(request_id).Take();
}

}  // namespace redress::journal
