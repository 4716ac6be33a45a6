#ifndef REDRESS_SERVICES_REFERRAL_APP_ROW_KEYS_H_
#define REDRESS_SERVICES_REFERRAL_APP_ROW_KEYS_H_

#include <cstdint>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "redress/referral/storage/v1/directory_records.pb.h"
#include "redress/referral/storage/v1/exchange_records.pb.h"
#include "redress/referral/storage/v1/referral_records.pb.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/referral/app/responses_row.h"
#include "services/referral/domain/referral_state.h"

// The rows that the application keeps, by what finds them. How a key becomes bytes is the business
// of storage/keys.h; here it is only said which key has which row.
namespace redress::referral {

namespace rows = storage::v1;

// One side's view of a referral. A loopback referral has both in one store.
struct ReferralRef {
  Side side = Side::kHome;
  ReferralId id;
  friend bool operator==(const ReferralRef&, const ReferralRef&) = default;
};

struct ReferralKey {
  using Row = rows::ReferralRecord;
  ReferralRef ref;
  friend bool operator==(const ReferralKey&, const ReferralKey&) = default;
};

struct FactKey {
  using Row = rows::FactRecord;
  ReferralRef ref;
  Side side = Side::kHome;  // Who wrote the fact.
  uint32_t number = 0;
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

struct EvidenceKey {
  using Row = rows::EvidenceRecord;
  ReferralRef ref;
  Side issuer = Side::kHome;
  uint32_t number = 0;
  friend bool operator==(const EvidenceKey&, const EvidenceKey&) = default;
};

// A disclosed member, for counting and for asking whether somebody is disclosed. What was disclosed
// of the member lies in the page.
struct MemberKey {
  using Row = rows::ReferralMemberRecord;
  ReferralRef ref;
  uint32_t disclosure = 0;
  MemberId member;
  friend bool operator==(const MemberKey&, const MemberKey&) = default;
};

// A page of members as exchanged: a sealed exchange.v1.Message that holds a MemberPage.
struct PageKey {
  using Row = rows::HeldMessageRecord;
  ReferralRef ref;
  uint32_t disclosure = 0;
  uint32_t page = 0;
  friend bool operator==(const PageKey&, const PageKey&) = default;
};

struct PendingKey {
  using Row = rows::PendingDisclosureRecord;
  ReferralRef ref;
  uint32_t disclosure = 0;
  friend bool operator==(const PendingKey&, const PendingKey&) = default;
};

// A message that waits: a fact before its referral is whole, or before the fact it follows.
struct HeldKey {
  using Row = rows::HeldMessageRecord;
  ReferralRef ref;
  uint8_t kind = 0;     // redress.exchange.v1.MessageKind
  uint64_t number = 0;  // The fact's number, else the order of arrival.
  friend bool operator==(const HeldKey&, const HeldKey&) = default;
};

struct MoneyKey {
  using Row = rows::MoneyEntryRecord;
  ReferralRef ref;
  RandomId entry;
  friend bool operator==(const MoneyKey&, const MoneyKey&) = default;
};

struct FileKey {
  using Row = rows::ReceivedFileRecord;
  ReferralRef ref;
  RandomId file;
  friend bool operator==(const FileKey&, const FileKey&) = default;
};

// When a referral's clocks are to be looked at next; sorted by that. One row a referral, home only.
struct DueKey {
  using Row = rows::ClockRecord;
  absl::Time due;
  ReferralRef ref;
  friend bool operator==(const DueKey&, const DueKey&) = default;
};

// A run of a clock that was acted on (domain/clocks.h says what a round is).
struct FiredKey {
  using Row = rows::ClockRecord;
  ReferralRef ref;
  uint8_t clock = 0;  // redress.referral.v1.ClockKind
  uint32_t round = 0;
  friend bool operator==(const FiredKey&, const FiredKey&) = default;
};

// What one list of referrals is led by. Numbers are on disk.
enum class IndexScope : uint8_t {
  kNode = 1,        // All; the value is empty.
  kReceiver = 2,    // The receiver's body id.
  kCase = 3,        // The case number.
  kFilingBody = 4,  // Home only: the body that filed.
  kProvince = 5,    // Home only: the province that handles it.
};
enum class IndexOrder : uint8_t {
  kDue = 1,      // Earliest clock first; without one last.
  kUpdated = 2,  // Changed last first.
};

// One line of a list, whole: lists read nothing else.
struct IndexKey {
  using Row = v1::ReferralSummary;
  IndexScope scope = IndexScope::kNode;
  std::string value;
  IndexOrder order = IndexOrder::kDue;
  absl::Time at;
  ReferralRef ref;
  friend bool operator==(const IndexKey&, const IndexKey&) = default;
};

struct CaseKeyKey {
  using Row = rows::CaseKeyRecord;
  CaseNumber case_number;
  friend bool operator==(const CaseKeyKey&, const CaseKeyKey&) = default;
};

struct CaseSequenceKey {
  using Row = rows::CaseSequenceRecord;
  CaseNumber case_number;
  friend bool operator==(const CaseSequenceKey&, const CaseSequenceKey&) = default;
};

struct OpenDisclosureKey {
  using Row = rows::OpenDisclosureRecord;
  ReferralId id;
  friend bool operator==(const OpenDisclosureKey&, const OpenDisclosureKey&) = default;
};

// Work that waits for somebody other than a caller. The row's number is unused.
enum class WorkKind : uint8_t {
  kSettle = 1,   // Tell intake about an end, an outcome or money. `item` empty.
  kFile = 2,     // Fetch, announce or hand over a file. `item` is its id.
  kForward = 3,  // Decide on a forward, or complete one. `item` empty; the parent's ref.
};
struct WorkKey {
  using Row = rows::EventCursorRecord;
  WorkKind kind = WorkKind::kSettle;
  ReferralRef ref;
  std::string item;
  friend bool operator==(const WorkKey&, const WorkKey&) = default;
};

struct BodyKey {
  using Row = rows::BodyRecord;
  BodyId body;
  friend bool operator==(const BodyKey&, const BodyKey&) = default;
};

struct AgreementKey {
  using Row = rows::AgreementRecord;
  std::string agreement;
  BodyId party;
  friend bool operator==(const AgreementKey&, const AgreementKey&) = default;
};

struct PostingKey {
  using Row = rows::PostingRecord;
  std::string posting;
  friend bool operator==(const PostingKey&, const PostingKey&) = default;
};

// The two halves of a link are apart, since one coroutine writes each.
enum class LinkHalf : uint8_t { kOut = 1, kIn = 2 };
struct LinkKey {
  using Row = rows::LinkRecord;
  NodeId peer;
  LinkHalf half = LinkHalf::kOut;
  friend bool operator==(const LinkKey&, const LinkKey&) = default;
};

struct InboxKey {
  using Row = rows::InboxRecord;
  NodeId sender;
  std::string message_id;
  friend bool operator==(const InboxKey&, const InboxKey&) = default;
};

struct FailedEnvelopeKey {
  using Row = rows::FailedEnvelopeRecord;
  NodeId peer;
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  friend bool operator==(const FailedEnvelopeKey&, const FailedEnvelopeKey&) = default;
};

struct CursorKey {
  using Row = rows::EventCursorRecord;
  std::string log;
  friend bool operator==(const CursorKey&, const CursorKey&) = default;
};

// How a body answered home's referrals.
struct ResponsesKey {
  using Row = ResponsesRow;
  BodyId receiver;
  friend bool operator==(const ResponsesKey&, const ResponsesKey&) = default;
};

using RowKey =
    std::variant<ReferralKey, FactKey, EvidenceKey, MemberKey, PageKey, PendingKey, HeldKey,
                 MoneyKey, FileKey, DueKey, FiredKey, IndexKey, CaseKeyKey, CaseSequenceKey,
                 OpenDisclosureKey, WorkKey, BodyKey, AgreementKey, PostingKey, LinkKey, InboxKey,
                 FailedEnvelopeKey, CursorKey, ResponsesKey>;

// Which keys a scan covers: all that share what is named, in key order.
struct RowRange {
  enum class Of : uint8_t {
    kFacts,            // ref
    kEvidence,         // ref
    kMembers,          // ref, disclosure
    kPages,            // ref, disclosure
    kPending,          // ref
    kHeld,             // ref
    kMoney,            // ref
    kFiles,            // ref
    kDue,              // all, by due time
    kFired,            // ref
    kIndex,            // scope, text, order
    kOpenDisclosures,  // text: the case; empty: all
    kWork,             // work
    kBodies,
    kAgreements,
    kHalves,  // text: the agreement
    kPostings,
  };
  Of of = Of::kFacts;
  ReferralRef ref = {};
  uint32_t disclosure = 0;
  IndexScope scope = IndexScope::kNode;
  IndexOrder order = IndexOrder::kDue;
  WorkKind work = WorkKind::kSettle;
  std::string text = {};
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_ROW_KEYS_H_
