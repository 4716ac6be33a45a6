#include "services/referral/check/link_check.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "redress/exchange/v1/envelope.pb.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/storage/keys.h"

namespace redress::referral {
namespace {

constexpr char kOutbox[] = "outbox";
constexpr char kInbox[] = "inbox";

struct Links {
  std::map<std::string, rows::LinkRecord> out;  // By peer; a node has few.
  std::map<std::string, rows::LinkRecord> in;
};

absl::StatusOr<Links> ReadLinks(check::StoreRows& rows) {
  Links links;
  const ReferralKeySpace keys;
  RETURN_IF_ERROR(rows.ForEach(check::TablePrefix(kLinkTable), [&](const kv::Entry& entry) {
    const absl::StatusOr<RowKey> key = keys.Decode(entry.key);
    rows::LinkRecord record;
    if (!key.ok() || !record.ParseFromString(entry.value)) return absl::OkStatus();
    const auto& link = std::get<LinkKey>(*key);
    (link.half == LinkHalf::kOut ? links.out : links.in)[link.peer.ToString()] = record;
    return absl::OkStatus();
  }));
  return links;
}

absl::StatusOr<std::string> PeerOf(std::string_view key) {
  kv::KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(journal::kOutboxTable));
  ASSIGN_OR_RETURN(std::string peer, reader.String());
  RETURN_IF_ERROR(reader.U64().status());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return peer;
}

// Messages leave an outbox from its beginning, one after another.
class OutboxCheck {
 public:
  OutboxCheck(const Links& links, check::Report& report) : report_(report) {
    for (const auto& [peer, link] : links.out) last_[peer] = link.out_confirmed();
  }

  absl::Status Take(const kv::Entry& entry) {
    report_.Looked(kOutbox);
    const absl::StatusOr<std::string> peer = PeerOf(entry.key);
    if (!report_.Holds(peer.status(), kOutbox, kv::DebugPrintKey(entry.key))) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const uint64_t number, kv::LogNumber(journal::OutboxLog(*peer), entry.key));
    const std::string subject = fmt::format("to {}, number {}", *peer, number);
    uint64_t& last = last_[*peer];
    if (number != last + 1) {
      report_.Differs(kOutbox, subject,
                      fmt::format("what is before it or confirmed ends with {}", last));
    }
    last = number;
    rows::OutboxRecord row;
    if (!row.ParseFromString(entry.value)) report_.Differs(kOutbox, subject, "cannot be read");
    return absl::OkStatus();
  }

  void Finish(const std::optional<kv::StoreState>& state) const {
    if (!state.has_value()) return;
    for (const auto& [peer, last] : last_) {
      const auto counter = state->logs.find(journal::OutboxLog(peer));
      const uint64_t given = counter == state->logs.end() ? 0 : counter->second;
      if (given == last) continue;
      report_.Differs(kOutbox, "to " + peer,
                      fmt::format("ends with {}, and numbers up to {} were given", last, given));
    }
  }

 private:
  check::Report& report_;
  std::map<std::string, uint64_t> last_;
};

absl::Status CheckInbox(check::StoreRows& rows, const Links& links, check::Report& report) {
  const ReferralKeySpace keys;
  return rows.ForEach(check::TablePrefix(kInboxTable), [&](const kv::Entry& entry) {
    const absl::StatusOr<RowKey> key = keys.Decode(entry.key);
    rows::InboxRecord row;
    if (!key.ok() || !row.ParseFromString(entry.value)) return absl::OkStatus();
    const auto& message = std::get<InboxKey>(*key);
    const std::string subject =
        fmt::format("from {}, message {}", message.sender.ToString(), message.message_id);
    exchange::v1::SignedReceipt receipt;
    if (!receipt.ParseFromString(row.signed_receipt())) {
      report.Differs(kInbox, subject, "its receipt cannot be read");
    }
    const auto link = links.in.find(message.sender.ToString());
    const uint64_t epoch = link == links.in.end() ? 0 : link->second.in_epoch();
    const uint64_t sequence = link == links.in.end() ? 0 : link->second.in_sequence();
    if (row.link_epoch() > epoch || (row.link_epoch() == epoch && row.sequence() > sequence)) {
      report.Differs(kInbox, subject,
                     fmt::format("came in place {}.{}, and the link has come to {}.{}",
                                 row.link_epoch(), row.sequence(), epoch, sequence));
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status CheckLinks(check::StoreRows& rows, const std::optional<kv::StoreState>& state,
                        check::Report& report) {
  ASSIGN_OR_RETURN(const Links links, ReadLinks(rows));
  OutboxCheck outbox(links, report);
  RETURN_IF_ERROR(rows.ForEach(check::TablePrefix(journal::kOutboxTable),
                               [&](const kv::Entry& entry) { return outbox.Take(entry); }));
  outbox.Finish(state);
  return CheckInbox(rows, links, report);
}

}  // namespace redress::referral
