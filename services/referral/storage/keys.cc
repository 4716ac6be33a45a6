#include "services/referral/storage/keys.h"

#include <utility>

#include "services/platform/kv/key_codec.h"

namespace redress::referral {
namespace {

using kv::KeyWriter;

KeyWriter& Add(KeyWriter& writer, const ReferralRef& ref) {
  return writer.Byte(static_cast<uint8_t>(ref.side))
      .String(ref.id.case_number().ToString())
      .U64(ref.id.ordinal());
}

KeyWriter& AddScope(KeyWriter& writer, IndexScope scope, const std::string& value,
                    IndexOrder order) {
  return writer.Byte(static_cast<uint8_t>(scope)).String(value).Byte(static_cast<uint8_t>(order));
}

// One overload a table; the other direction is in decode_keys.cc.
struct Encoder {
  std::string operator()(const ReferralKey& key) const {
    KeyWriter writer(kReferralTable);
    return Add(writer, key.ref).Take();
  }
  std::string operator()(const FactKey& key) const {
    KeyWriter writer(kFactTable);
    return Add(writer, key.ref).Byte(static_cast<uint8_t>(key.side)).U64(key.number).Take();
  }
  std::string operator()(const EvidenceKey& key) const {
    KeyWriter writer(kEvidenceTable);
    return Add(writer, key.ref).Byte(static_cast<uint8_t>(key.issuer)).U64(key.number).Take();
  }
  std::string operator()(const MemberKey& key) const {
    KeyWriter writer(kMemberTable);
    return Add(writer, key.ref).U64(key.disclosure).String(key.member.ToString()).Take();
  }
  std::string operator()(const PageKey& key) const {
    KeyWriter writer(kPageTable);
    return Add(writer, key.ref).U64(key.disclosure).U64(key.page).Take();
  }
  std::string operator()(const PendingKey& key) const {
    KeyWriter writer(kPendingTable);
    return Add(writer, key.ref).U64(key.disclosure).Take();
  }
  std::string operator()(const HeldKey& key) const {
    KeyWriter writer(kHeldTable);
    return Add(writer, key.ref).Byte(key.kind).U64(key.number).Take();
  }
  std::string operator()(const MoneyKey& key) const {
    KeyWriter writer(kMoneyTable);
    return Add(writer, key.ref).String(key.entry.ToString()).Take();
  }
  std::string operator()(const FileKey& key) const {
    KeyWriter writer(kFileTable);
    return Add(writer, key.ref).String(key.file.ToString()).Take();
  }
  std::string operator()(const DueKey& key) const {
    KeyWriter writer(kDueTable);
    writer.Time(key.due);
    return Add(writer, key.ref).Take();
  }
  std::string operator()(const FiredKey& key) const {
    KeyWriter writer(kFiredTable);
    return Add(writer, key.ref).Byte(key.clock).U64(key.round).Take();
  }
  std::string operator()(const IndexKey& key) const {
    KeyWriter writer(kIndexTable);
    AddScope(writer, key.scope, key.value, key.order);
    if (key.order == IndexOrder::kUpdated) {
      writer.TimeDescending(key.at);
    } else {
      writer.Time(key.at);
    }
    return Add(writer, key.ref).Take();
  }
  std::string operator()(const CaseKeyKey& key) const {
    return KeyWriter(kCaseKeyTable).String(key.case_number.ToString()).Take();
  }
  std::string operator()(const CaseSequenceKey& key) const {
    return KeyWriter(kCaseSequenceTable).String(key.case_number.ToString()).Take();
  }
  std::string operator()(const OpenDisclosureKey& key) const {
    return KeyWriter(kOpenDisclosureTable)
        .String(key.id.case_number().ToString())
        .U64(key.id.ordinal())
        .Take();
  }
  std::string operator()(const WorkKey& key) const {
    KeyWriter writer(kWorkTable);
    writer.Byte(static_cast<uint8_t>(key.kind));
    return Add(writer, key.ref).String(key.item).Take();
  }
  std::string operator()(const BodyKey& key) const {
    return KeyWriter(kBodyTable).String(key.body.ToString()).Take();
  }
  std::string operator()(const AgreementKey& key) const {
    return KeyWriter(kAgreementTable).String(key.agreement).String(key.party.ToString()).Take();
  }
  std::string operator()(const PostingKey& key) const {
    return KeyWriter(kPostingTable).String(key.posting).Take();
  }
  std::string operator()(const LinkKey& key) const {
    return KeyWriter(kLinkTable)
        .String(key.peer.ToString())
        .Byte(static_cast<uint8_t>(key.half))
        .Take();
  }
  std::string operator()(const InboxKey& key) const {
    return KeyWriter(kInboxTable).String(key.sender.ToString()).String(key.message_id).Take();
  }
  std::string operator()(const FailedEnvelopeKey& key) const {
    return KeyWriter(kFailedTable)
        .String(key.peer.ToString())
        .U64(key.epoch)
        .U64(key.sequence)
        .Take();
  }
  std::string operator()(const CursorKey& key) const {
    return KeyWriter(kCursorTable).String(key.log).Take();
  }
  std::string operator()(const ResponsesKey& key) const {
    return KeyWriter(kResponsesTable).String(key.receiver.ToString()).Take();
  }
};

std::string OfReferral(uint8_t table, const RowRange& range) {
  KeyWriter writer(table);
  return Add(writer, range.ref).Take();
}

std::string OfDisclosure(uint8_t table, const RowRange& range) {
  KeyWriter writer(table);
  return Add(writer, range.ref).U64(range.disclosure).Take();
}

}  // namespace

std::string ReferralKeySpace::Encode(const RowKey& key) const { return std::visit(Encoder(), key); }

std::string ReferralKeySpace::Prefix(const RowRange& range) const {
  switch (range.of) {
    case RowRange::Of::kFacts:
      return OfReferral(kFactTable, range);
    case RowRange::Of::kEvidence:
      return OfReferral(kEvidenceTable, range);
    case RowRange::Of::kMembers:
      return OfDisclosure(kMemberTable, range);
    case RowRange::Of::kPages:
      return OfDisclosure(kPageTable, range);
    case RowRange::Of::kPending:
      return OfReferral(kPendingTable, range);
    case RowRange::Of::kHeld:
      return OfReferral(kHeldTable, range);
    case RowRange::Of::kMoney:
      return OfReferral(kMoneyTable, range);
    case RowRange::Of::kFiles:
      return OfReferral(kFileTable, range);
    case RowRange::Of::kDue:
      return KeyWriter(kDueTable).Take();
    case RowRange::Of::kFired:
      return OfReferral(kFiredTable, range);
    case RowRange::Of::kIndex: {
      KeyWriter writer(kIndexTable);
      return AddScope(writer, range.scope, range.text, range.order).Take();
    }
    case RowRange::Of::kOpenDisclosures: {
      KeyWriter writer(kOpenDisclosureTable);
      if (!range.text.empty()) writer.String(range.text);
      return writer.Take();
    }
    case RowRange::Of::kWork:
      return KeyWriter(kWorkTable).Byte(static_cast<uint8_t>(range.work)).Take();
    case RowRange::Of::kBodies:
      return KeyWriter(kBodyTable).Take();
    case RowRange::Of::kAgreements:
      return KeyWriter(kAgreementTable).Take();
    case RowRange::Of::kHalves:
      return KeyWriter(kAgreementTable).String(range.text).Take();
    case RowRange::Of::kPostings:
      return KeyWriter(kPostingTable).Take();
  }
  return KeyWriter(kReferralTable).Take();
}

}  // namespace redress::referral
