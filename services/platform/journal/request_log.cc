#include "services/platform/journal/request_log.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/record_codec.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::journal {
namespace {

constexpr uint8_t kFormat = 1;

}  // namespace

ContentDigest DigestContent(std::string_view bytes) { return audit::Sha256({bytes}); }

std::string EncodeRequestRow(const RequestRow& row) {
  return kv::RecordWriter(kFormat)
      .Bytes(row.verb)
      .Bytes({reinterpret_cast<const char*>(row.digest.data()), row.digest.size()})
      .Bytes(row.resource_id)
      .Bytes(row.answer)
      .Take();
}

absl::StatusOr<RequestRow> DecodeRequestRow(std::string_view bytes) {
  kv::RecordReader reader(bytes);
  RequestRow row;
  RETURN_IF_ERROR(reader.ExpectFormat(kFormat));
  ASSIGN_OR_RETURN(row.verb, reader.Bytes());
  ASSIGN_OR_RETURN(const std::string digest, reader.Bytes());
  if (digest.size() != row.digest.size()) {
    return absl::DataLossError("request row: digest of another length");
  }
  std::copy(digest.begin(), digest.end(), row.digest.begin());
  ASSIGN_OR_RETURN(row.resource_id, reader.Bytes());
  ASSIGN_OR_RETURN(row.answer, reader.Bytes());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return row;
}

async::Task<absl::StatusOr<std::optional<RememberedAnswer>>> FindRequest(kv::Store& store,
                                                                         RequestIdentity identity) {
  std::string key = RequestKey(identity.caller, identity.request_id);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store.Get(std::move(key));
  CO_RETURN_IF_ERROR(entry.status());
  if (!entry->has_value()) co_return std::optional<RememberedAnswer>();
  CO_ASSIGN_OR_RETURN(RequestRow row, DecodeRequestRow((*entry)->value));
  if (row.verb != identity.verb || row.digest != identity.digest) {
    co_return Refuse(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                     "request_id: was used before for another request; take a new one",
                     {{"verb", row.verb}});
  }
  co_return std::optional<RememberedAnswer>(
      RememberedAnswer{std::move(row.answer), std::move(row.resource_id), (*entry)->version});
}

}  // namespace redress::journal
