#include "services/referral/check/one_referral.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "redress/referral/v1/files.pb.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/file_rows.h"
#include "services/referral/app/folded_record.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_events.h"

namespace redress::referral {
namespace {

constexpr char kReferral[] = "referral";
constexpr char kFact[] = "fact";
constexpr char kEvidence[] = "evidence";
constexpr char kMember[] = "member";
constexpr char kFile[] = "file";
constexpr char kDue[] = "due clock";
constexpr char kIndex[] = "index";
constexpr char kResponses[] = "responses";

// As far as it has come: what is in an issuer's chain.
struct ChainSeen {
  uint32_t number = 0;
  std::string digest;
};

}  // namespace

ReferralRecordCheck::ReferralRecordCheck(kv::Store& store, check::StoreRows& rows,
                                         const CheckOptions& options, check::Report& report)
    : rows_(rows), options_(options), report_(report), index_(rows, kIndexTable, kIndex, report) {
  if (options.wrapping_key == nullptr || options.codes == nullptr) return;
  repository_ = std::make_unique<Repository>(
      store, keys_, options.wrapping_key->Clone(),
      crypto::KeyId(crypto::KeyKind::kEncryption, *options.wrapping_key), random_);
}

void ReferralRecordCheck::Differs(const Referral& referral, const char* table,
                                  std::string problem) {
  report_.Differs(table, referral.subject, std::move(problem));
}

absl::Status ReferralRecordCheck::Take(const kv::Entry& entry) {
  const absl::StatusOr<RowKey> key = keys_.Decode(entry.key);
  Referral referral;
  if (!key.ok() || !referral.record.ParseFromString(entry.value)) {
    all_read_ = false;
    return absl::OkStatus();
  }
  referral.ref = std::get<ReferralKey>(*key).ref;
  referral.version = entry.version;
  const bool home = referral.ref.side == Side::kHome;
  referral.subject =
      fmt::format("{} ({})", referral.ref.id.ToString(), home ? "home" : "destination");
  const rows::ReferralRecord& record = referral.record;
  if (record.referral_id() != referral.ref.id.ToString() ||
      record.case_number() != referral.ref.id.case_number().ToString() ||
      record.side() != static_cast<v1::Side>(referral.ref.side)) {
    Differs(referral, kReferral, "says that it is another one");
  }
  if (home) {
    const ResponseRecord counted = ResponseIn(static_cast<ReferralState>(record.state()));
    ResponseRecord& of_body = responses_[record.receiver_body_id()];
    of_body.answered += counted.answered;
    of_body.silent += counted.silent;
    of_body.open += counted.open;
  }
  RETURN_IF_ERROR(CheckNumbers(referral));
  RETURN_IF_ERROR(CheckFacts(referral));
  RETURN_IF_ERROR(CheckEvidence(referral));
  RETURN_IF_ERROR(CheckMembersAndFiles(referral));
  RETURN_IF_ERROR(CheckIndexes(referral));
  return repository_ == nullptr ? absl::OkStatus() : CheckFolded(referral);
}

absl::Status ReferralRecordCheck::CheckNumbers(const Referral& referral) {
  const CaseNumber& number = referral.ref.id.case_number();
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> case_key,
                   rows_.Get(keys_.Encode(CaseKeyKey{number})));
  if (!case_key.has_value()) Differs(referral, "case key", "the key of its case is missing");
  if (referral.ref.side != Side::kHome) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> sequence,
                   rows_.Get(keys_.Encode(CaseSequenceKey{number})));
  rows::CaseSequenceRecord given;
  if (sequence.has_value() && !given.ParseFromString(sequence->value)) return absl::OkStatus();
  if (given.last_referral() < referral.ref.id.ordinal()) {
    Differs(referral, "case sequence",
            fmt::format("numbers up to {} were given", given.last_referral()));
  }
  return absl::OkStatus();
}

absl::Status ReferralRecordCheck::CheckFacts(const Referral& referral) {
  std::map<Side, uint32_t> last = {{Side::kHome, 0}, {Side::kDestination, 0}};
  const RowRange range{.of = RowRange::Of::kFacts, .ref = referral.ref};
  RETURN_IF_ERROR(rows_.ForEach(keys_.Prefix(range), [&](const kv::Entry& entry) {
    const absl::StatusOr<RowKey> key = keys_.Decode(entry.key);
    if (!key.ok()) return absl::OkStatus();
    const auto& fact = std::get<FactKey>(*key);
    if (fact.number != last[fact.side] + 1) {
      Differs(referral, kFact,
              fmt::format("fact {} follows fact {}", fact.number, last[fact.side]));
    }
    last[fact.side] = fact.number;
    return absl::OkStatus();
  }));
  const rows::ReferralRecord& record = referral.record;
  const bool home = referral.ref.side == Side::kHome;
  const auto compare = [&](const char* whose, uint32_t kept, uint32_t there) {
    if (kept > there) {
      Differs(referral, kFact,
              fmt::format("keeps {} facts of {}, and there are {}", kept, whose, there));
    }
  };
  compare("home", record.home_facts(), last[Side::kHome]);
  compare("the destination", record.destination_facts(), last[Side::kDestination]);
  compare("its own with a receipt", record.confirmed_facts(),
          last[home ? Side::kHome : Side::kDestination]);
  return absl::OkStatus();
}

absl::Status ReferralRecordCheck::CheckEvidence(const Referral& referral) {
  std::map<Side, ChainSeen> chains;
  const RowRange range{.of = RowRange::Of::kEvidence, .ref = referral.ref};
  RETURN_IF_ERROR(rows_.ForEach(keys_.Prefix(range), [&](const kv::Entry& entry) {
    const absl::StatusOr<RowKey> key = keys_.Decode(entry.key);
    rows::EvidenceRecord row;
    if (!key.ok() || !row.ParseFromString(entry.value) || !row.valid()) return absl::OkStatus();
    const auto& place = std::get<EvidenceKey>(*key);
    ChainSeen& chain = chains[place.issuer];
    v1::Evidence evidence;
    const std::optional<v1::EvidenceStatement> statement = StatementOf(row);
    const std::string piece = fmt::format("piece {}", place.number);
    if (!statement.has_value() || !evidence.ParseFromString(row.evidence())) {
      Differs(referral, kEvidence, piece + " cannot be read");
      return absl::OkStatus();
    }
    if (statement->number() != place.number || place.number != chain.number + 1 ||
        statement->previous_digest() != chain.digest) {
      Differs(referral, kEvidence, fmt::format("{} does not follow piece {}", piece, chain.number));
    }
    if (crypto::Sha256::Of(evidence.statement()) != evidence.digest()) {
      Differs(referral, kEvidence, piece + " has not the digest of what it states");
    }
    chain = {place.number, evidence.digest()};
    return absl::OkStatus();
  }));
  const auto compare = [&](Side side, uint32_t kept, const std::string& digest) {
    const ChainSeen& chain = chains[side];
    if (kept == chain.number && digest == chain.digest) return;
    Differs(referral, kEvidence,
            fmt::format("keeps a chain of {} pieces, and the one that is there has {}", kept,
                        chain.number));
  };
  compare(Side::kHome, referral.record.home_evidence_count(),
          referral.record.home_evidence_digest());
  compare(Side::kDestination, referral.record.destination_evidence_count(),
          referral.record.destination_evidence_digest());
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ReferralRecordCheck::Count(RowRange range) {
  uint64_t count = 0;
  RETURN_IF_ERROR(rows_.ForEach(keys_.Prefix(range), [&count](const kv::Entry&) {
    ++count;
    return absl::OkStatus();
  }));
  return count;
}

absl::Status ReferralRecordCheck::CheckMembersAndFiles(const Referral& referral) {
  const rows::ReferralRecord& record = referral.record;
  const uint32_t disclosure = record.disclosure_number();
  ASSIGN_OR_RETURN(
      const uint64_t members,
      Count({.of = RowRange::Of::kMembers, .ref = referral.ref, .disclosure = disclosure}));
  if (members != record.member_count()) {
    Differs(referral, kMember,
            fmt::format("keeps {} members, and disclosure {} has {}", record.member_count(),
                        disclosure, members));
  }
  ASSIGN_OR_RETURN(const uint64_t files, Count({.of = RowRange::Of::kFiles, .ref = referral.ref}));
  if (files != record.file_count()) {
    Differs(referral, kFile,
            fmt::format("keeps {} files, and there are {}", record.file_count(), files));
  }
  return absl::OkStatus();
}

absl::Status ReferralRecordCheck::CheckIndexes(const Referral& referral) {
  const std::string summary = SummaryOf(referral.record).SerializeAsString();
  for (const IndexKey& key : IndexKeysOf(referral.ref, referral.record)) {
    RETURN_IF_ERROR(
        index_.Expect({keys_.Encode(key), summary, referral.version, referral.subject}));
  }
  return absl::OkStatus();
}

absl::Status ReferralRecordCheck::CheckFolded(const Referral& referral) {
  const absl::StatusOr<std::optional<LoadedReferral>> read =
      rows_.Run(LoadReferral(*repository_, *options_.codes, referral.ref));
  if (!report_.Holds(read.status(), kReferral, referral.subject)) return absl::OkStatus();
  if (!read->has_value()) return absl::OkStatus();
  const LoadedReferral& loaded = **read;
  rows::ReferralRecord folded = loaded.record;
  WriteFolded(loaded, ClockConfig(), folded);
  if (folded.state() != loaded.record.state()) {
    Differs(referral, kReferral,
            fmt::format("is {}, and its facts fold to {}",
                        v1::ReferralState_Name(loaded.record.state()),
                        v1::ReferralState_Name(folded.state())));
  } else if (folded.clocks().SerializeAsString() != loaded.record.clocks().SerializeAsString()) {
    Differs(referral, kReferral, "its clocks are not those that follow from its facts");
  } else if (folded.SerializeAsString() != loaded.record.SerializeAsString()) {
    Differs(referral, kReferral, "says something else than its facts fold to");
  }
  const RowRange range{.of = RowRange::Of::kFiles, .ref = referral.ref};
  const auto files = rows_.Run(repository_->ScanAll<FileKey>(range));
  if (files.ok()) {
    for (const Found<FileKey>& found : *files) CheckFile(referral, loaded, found);
  }
  return CheckLook(referral, loaded);
}

void ReferralRecordCheck::CheckFile(const Referral& referral, const LoadedReferral& loaded,
                                    const Found<FileKey>& found) {
  if (options_.files.empty()) return;
  const std::string subject =
      fmt::format("{} file {}", referral.subject, found.key.file.ToString());
  const absl::StatusOr<std::string> bytes =
      repository_->Open(*loaded.case_key, found.key, found.row.sealed());
  rows::ReceivedFilePersonal personal;
  if (!bytes.ok() || !personal.ParseFromString(*bytes)) {
    report_.Differs(kFile, subject, "what it keeps sealed cannot be read");
    return;
  }
  if (personal.path().empty() || found.row.state() != v1::FILE_STATE_WHOLE) return;
  const std::string path = options_.files + "/" + personal.path();
  // Before it is announced to the peer nothing says how many bytes go there; it never is when the
  // referral ends first.
  const bool announced = !found.row.transfer_sha256().empty();
  const int64_t expected = announced ? found.row.transfer_bytes() : SizeOf(path);
  if (SizeOf(path) == 0 || SizeOf(path) != expected) {
    report_.Differs(
        kFile, subject,
        fmt::format("its file has {} bytes, and should have {}", SizeOf(path), expected));
    return;
  }
  if (!announced) return;
  const absl::StatusOr<RawDigest> digest = DigestRaw(path);
  if (!digest.ok() || digest->sha256 != found.row.transfer_sha256()) {
    report_.Differs(kFile, subject, "its file has another digest than it came with");
  }
}

// One row says when the clocks of a referral are looked at next. A later row than that of the last
// change is there when the clocks were looked at in between.
absl::Status ReferralRecordCheck::CheckLook(const Referral& referral,
                                            const LoadedReferral& loaded) {
  if (referral.ref.side != Side::kHome) return absl::OkStatus();
  LinkView link;
  link.relayed = loaded.relayed();
  const absl::Time look = NextLook(loaded.folded, RulesOf(ClockConfig(), loaded.record), link,
                                   loaded.fired, FromMicros(loaded.record.updated_at_micros()));
  if (look == absl::InfiniteFuture()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> row,
                   rows_.Get(keys_.Encode(DueKey{look, referral.ref})));
  if (row.has_value()) return absl::OkStatus();
  if (!watched_.has_value()) RETURN_IF_ERROR(ReadWatched());
  if (!watched_->contains(keys_.Encode(ReferralKey{referral.ref}))) {
    Differs(referral, kDue, "a clock runs, and nobody will look at it");
  }
  return absl::OkStatus();
}

absl::Status ReferralRecordCheck::ReadWatched() {
  watched_.emplace();
  return rows_.ForEach(check::TablePrefix(kDueTable), [this](const kv::Entry& entry) {
    const absl::StatusOr<RowKey> key = keys_.Decode(entry.key);
    if (key.ok()) watched_->insert(keys_.Encode(ReferralKey{std::get<DueKey>(*key).ref}));
    return absl::OkStatus();
  });
}

// Bodies that count for nothing have no row.
absl::Status ReferralRecordCheck::CheckResponses() {
  const auto counts = [](const ResponseRecord& record) {
    return fmt::format("{} answered, {} silent, {} open", record.answered, record.silent,
                       record.open);
  };
  if (!all_read_) {
    report_.LeftOut("with a referral that cannot be read, how bodies answered is not counted");
    return absl::OkStatus();
  }
  std::erase_if(responses_, [](const auto& one) { return one.second == ResponseRecord(); });
  RETURN_IF_ERROR(rows_.ForEach(check::TablePrefix(kResponsesTable), [&](const kv::Entry& entry) {
    const absl::StatusOr<RowKey> key = keys_.Decode(entry.key);
    if (!key.ok()) return absl::OkStatus();
    const std::string body = std::get<ResponsesKey>(*key).receiver.ToString();
    const auto found = responses_.extract(body);
    const ResponseRecord wanted = found.empty() ? ResponseRecord() : found.mapped();
    ResponsesRow row;
    if (!row.ParseFromString(entry.value)) return absl::OkStatus();  // Told by CheckRows.
    if (row.record != wanted || row.SerializeAsString() != entry.value) {
      report_.Differs(
          kResponses, body,
          fmt::format("counts {}, and there are {}", counts(row.record), counts(wanted)));
    }
    return absl::OkStatus();
  }));
  for (const auto& [body, wanted] : responses_) {
    report_.Differs(kResponses, body, fmt::format("has no row, and there are {}", counts(wanted)));
  }
  return absl::OkStatus();
}

absl::Status ReferralRecordCheck::Finish() {
  RETURN_IF_ERROR(CheckResponses());
  return index_.Finish([this](const kv::Entry& row) -> absl::StatusOr<std::string> {
    const absl::StatusOr<RowKey> key = keys_.Decode(row.key);
    if (!key.ok()) return std::string(key.status().message());
    const auto& index = std::get<IndexKey>(*key);
    ASSIGN_OR_RETURN(const std::optional<kv::Entry> referral,
                     rows_.Get(keys_.Encode(ReferralKey{index.ref})));
    rows::ReferralRecord record;
    if (referral.has_value() && record.ParseFromString(referral->value)) {
      const std::vector<IndexKey> wanted = IndexKeysOf(index.ref, record);
      if (std::find(wanted.begin(), wanted.end(), index) != wanted.end()) return std::string();
    }
    return std::string("is a row that no referral asks for");
  });
}

}  // namespace redress::referral
