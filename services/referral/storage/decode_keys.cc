#include <utility>

#include "fmt/format.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/storage/keys.h"

namespace redress::referral {
namespace {

using kv::KeyReader;

absl::Status Damaged(const char* what) {
  return absl::DataLossError(fmt::format("a key holds no {}", what));
}

absl::StatusOr<Side> ReadSide(KeyReader& reader) {
  ASSIGN_OR_RETURN(const uint8_t side, reader.Byte());
  if (side != 1 && side != 2) return Damaged("side");
  return static_cast<Side>(side);
}

absl::StatusOr<CaseNumber> ReadCase(KeyReader& reader) {
  ASSIGN_OR_RETURN(const std::string text, reader.String());
  absl::StatusOr<CaseNumber> number = CaseNumber::Parse(text, "case_number");
  if (!number.ok() || number->ToString() != text) return Damaged("case number");
  return number;
}

absl::StatusOr<ReferralId> ReadId(KeyReader& reader) {
  ASSIGN_OR_RETURN(CaseNumber number, ReadCase(reader));
  ASSIGN_OR_RETURN(const uint64_t ordinal, reader.U64());
  if (ordinal > ReferralId::kMaxOrdinal) return Damaged("referral's ordinal");
  return ReferralId(std::move(number), static_cast<uint32_t>(ordinal));
}

absl::StatusOr<ReferralRef> ReadRef(KeyReader& reader) {
  ReferralRef ref;
  ASSIGN_OR_RETURN(ref.side, ReadSide(reader));
  ASSIGN_OR_RETURN(ref.id, ReadId(reader));
  return ref;
}

absl::StatusOr<uint32_t> ReadNumber(KeyReader& reader) {
  ASSIGN_OR_RETURN(const uint64_t number, reader.U64());
  if (number > UINT32_MAX) return Damaged("number of 32 bits");
  return static_cast<uint32_t>(number);
}

template <class NameType>
absl::StatusOr<NameType> ReadName(KeyReader& reader) {
  ASSIGN_OR_RETURN(const std::string text, reader.String());
  absl::StatusOr<NameType> name = NameType::Parse(text, "key");
  if (!name.ok()) return Damaged("name of the expected kind");
  return name;
}

absl::StatusOr<RowKey> ReadReferralRow(uint8_t table, KeyReader& reader) {
  ASSIGN_OR_RETURN(ReferralRef ref, ReadRef(reader));
  switch (table) {
    case kReferralTable:
      return ReferralKey{std::move(ref)};
    case kFactTable: {
      ASSIGN_OR_RETURN(const Side side, ReadSide(reader));
      ASSIGN_OR_RETURN(const uint32_t number, ReadNumber(reader));
      return FactKey{std::move(ref), side, number};
    }
    case kEvidenceTable: {
      ASSIGN_OR_RETURN(const Side issuer, ReadSide(reader));
      ASSIGN_OR_RETURN(const uint32_t number, ReadNumber(reader));
      return EvidenceKey{std::move(ref), issuer, number};
    }
    case kMemberTable: {
      ASSIGN_OR_RETURN(const uint32_t disclosure, ReadNumber(reader));
      ASSIGN_OR_RETURN(MemberId member, ReadName<MemberId>(reader));
      return MemberKey{std::move(ref), disclosure, std::move(member)};
    }
    case kPageTable: {
      ASSIGN_OR_RETURN(const uint32_t disclosure, ReadNumber(reader));
      ASSIGN_OR_RETURN(const uint32_t page, ReadNumber(reader));
      return PageKey{std::move(ref), disclosure, page};
    }
    case kPendingTable: {
      ASSIGN_OR_RETURN(const uint32_t disclosure, ReadNumber(reader));
      return PendingKey{std::move(ref), disclosure};
    }
    case kHeldTable: {
      ASSIGN_OR_RETURN(const uint8_t kind, reader.Byte());
      ASSIGN_OR_RETURN(const uint64_t number, reader.U64());
      return HeldKey{std::move(ref), kind, number};
    }
    case kMoneyTable: {
      ASSIGN_OR_RETURN(RandomId entry, ReadName<RandomId>(reader));
      return MoneyKey{std::move(ref), std::move(entry)};
    }
    case kFileTable: {
      ASSIGN_OR_RETURN(RandomId file, ReadName<RandomId>(reader));
      return FileKey{std::move(ref), std::move(file)};
    }
    default: {
      ASSIGN_OR_RETURN(const uint8_t clock, reader.Byte());
      ASSIGN_OR_RETURN(const uint32_t round, ReadNumber(reader));
      return FiredKey{std::move(ref), clock, round};
    }
  }
}

absl::StatusOr<RowKey> ReadIndex(KeyReader& reader) {
  IndexKey key;
  ASSIGN_OR_RETURN(const uint8_t scope, reader.Byte());
  ASSIGN_OR_RETURN(key.value, reader.String());
  ASSIGN_OR_RETURN(const uint8_t order, reader.Byte());
  if (scope < 1 || scope > 5) return Damaged("scope of an index");
  if (order != 1 && order != 2) return Damaged("order of an index");
  key.scope = static_cast<IndexScope>(scope);
  key.order = static_cast<IndexOrder>(order);
  if (key.order == IndexOrder::kUpdated) {
    ASSIGN_OR_RETURN(key.at, reader.TimeDescending());
  } else {
    ASSIGN_OR_RETURN(key.at, reader.Time());
  }
  ASSIGN_OR_RETURN(key.ref, ReadRef(reader));
  return key;
}

absl::StatusOr<RowKey> ReadWork(KeyReader& reader) {
  WorkKey key;
  ASSIGN_OR_RETURN(const uint8_t kind, reader.Byte());
  if (kind < 1 || kind > 3) return Damaged("kind of work");
  key.kind = static_cast<WorkKind>(kind);
  ASSIGN_OR_RETURN(key.ref, ReadRef(reader));
  ASSIGN_OR_RETURN(key.item, reader.String());
  return key;
}

absl::StatusOr<RowKey> ReadOther(uint8_t table, KeyReader& reader) {
  switch (table) {
    case kDueTable: {
      DueKey key;
      ASSIGN_OR_RETURN(key.due, reader.Time());
      ASSIGN_OR_RETURN(key.ref, ReadRef(reader));
      return key;
    }
    case kIndexTable:
      return ReadIndex(reader);
    case kCaseKeyTable: {
      ASSIGN_OR_RETURN(CaseNumber number, ReadCase(reader));
      return CaseKeyKey{std::move(number)};
    }
    case kCaseSequenceTable: {
      ASSIGN_OR_RETURN(CaseNumber number, ReadCase(reader));
      return CaseSequenceKey{std::move(number)};
    }
    case kOpenDisclosureTable: {
      ASSIGN_OR_RETURN(ReferralId id, ReadId(reader));
      return OpenDisclosureKey{std::move(id)};
    }
    case kWorkTable:
      return ReadWork(reader);
    case kBodyTable: {
      ASSIGN_OR_RETURN(BodyId body, ReadName<BodyId>(reader));
      return BodyKey{std::move(body)};
    }
    case kAgreementTable: {
      ASSIGN_OR_RETURN(std::string agreement, reader.String());
      ASSIGN_OR_RETURN(BodyId party, ReadName<BodyId>(reader));
      return AgreementKey{std::move(agreement), std::move(party)};
    }
    case kPostingTable: {
      ASSIGN_OR_RETURN(std::string posting, reader.String());
      return PostingKey{std::move(posting)};
    }
    case kLinkTable: {
      ASSIGN_OR_RETURN(NodeId peer, ReadName<NodeId>(reader));
      ASSIGN_OR_RETURN(const uint8_t half, reader.Byte());
      if (half != 1 && half != 2) return Damaged("half of a link");
      return LinkKey{std::move(peer), static_cast<LinkHalf>(half)};
    }
    case kInboxTable: {
      ASSIGN_OR_RETURN(NodeId sender, ReadName<NodeId>(reader));
      ASSIGN_OR_RETURN(std::string message, reader.String());
      return InboxKey{std::move(sender), std::move(message)};
    }
    case kFailedTable: {
      ASSIGN_OR_RETURN(NodeId peer, ReadName<NodeId>(reader));
      ASSIGN_OR_RETURN(const uint64_t epoch, reader.U64());
      ASSIGN_OR_RETURN(const uint64_t sequence, reader.U64());
      return FailedEnvelopeKey{std::move(peer), epoch, sequence};
    }
    case kCursorTable: {
      ASSIGN_OR_RETURN(std::string log, reader.String());
      return CursorKey{std::move(log)};
    }
    case kResponsesTable: {
      ASSIGN_OR_RETURN(BodyId receiver, ReadName<BodyId>(reader));
      return ResponsesKey{std::move(receiver)};
    }
    default:
      return absl::DataLossError(fmt::format("no table of this service has the number {}", table));
  }
}

}  // namespace

absl::StatusOr<RowKey> ReferralKeySpace::Decode(std::string_view bytes) const {
  if (bytes.empty()) return absl::DataLossError("an empty key");
  const auto table = static_cast<uint8_t>(bytes[0]);
  KeyReader reader(bytes);
  RETURN_IF_ERROR(reader.ExpectTable(table));
  const bool of_referral = (table >= kReferralTable && table <= kFileTable) || table == kFiredTable;
  absl::StatusOr<RowKey> key =
      of_referral ? ReadReferralRow(table, reader) : ReadOther(table, reader);
  if (!key.ok()) return key;
  RETURN_IF_ERROR(reader.ExpectEnd());
  return key;
}

std::string_view TableName(uint8_t table) {
  switch (table) {
    case kReferralTable:
      return "referral";
    case kFactTable:
      return "fact";
    case kEvidenceTable:
      return "evidence";
    case kMemberTable:
      return "member";
    case kPageTable:
      return "member page";
    case kPendingTable:
      return "pending disclosure";
    case kHeldTable:
      return "held message";
    case kMoneyTable:
      return "money entry";
    case kFileTable:
      return "file";
    case kDueTable:
      return "due clock";
    case kFiredTable:
      return "fired clock";
    case kIndexTable:
      return "index";
    case kCaseKeyTable:
      return "case key";
    case kCaseSequenceTable:
      return "case sequence";
    case kOpenDisclosureTable:
      return "open disclosure";
    case kWorkTable:
      return "work";
    case kBodyTable:
      return "body";
    case kAgreementTable:
      return "agreement half";
    case kPostingTable:
      return "posting";
    case kLinkTable:
      return "link";
    case kInboxTable:
      return "inbox";
    case kFailedTable:
      return "failed envelope";
    case kCursorTable:
      return "cursor";
    case kResponsesTable:
      return "responses";
    default:
      return "";
  }
}

std::string DebugPrint(std::string_view key) {
  if (key.empty()) return "";
  const std::string_view name = TableName(static_cast<uint8_t>(key[0]));
  if (name.empty() || !ReferralKeySpace().Decode(key).ok()) return kv::DebugPrintKey(key);
  return fmt::format("{} {}", name, kv::DebugPrintKey(key).substr(3));
}

}  // namespace redress::referral
