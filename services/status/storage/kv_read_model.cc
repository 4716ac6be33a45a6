#include "services/status/storage/kv_read_model.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/status_macros.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/row_codec.h"
#include "services/status/storage/wide_commit.h"

namespace redress::status {
namespace {

using kv::Entry;
using kv::Mutation;

class Mutations {
 public:
  void Put(std::string key, std::string value) {
    all_.push_back(Mutation::Put(std::move(key), std::move(value)));
  }
  void Delete(std::string key) { all_.push_back(Mutation::Delete(std::move(key))); }
  std::vector<Mutation> Take() { return std::move(all_); }

 private:
  std::vector<Mutation> all_;
};

void AddDirectory(const DirectoryRows& rows, Mutations& mutations) {
  for (const BodyChange& body : rows.bodies) {
    mutations.Put(NameKey(kBodiesTable, body.body_id), EncodeBody(body));
  }
  for (const LinkChange& link : rows.links) {
    mutations.Put(NameKey(kLinksTable, link.peer_node), EncodeLink(link));
  }
  for (const PostingChange& posting : rows.postings) {
    mutations.Put(NameKey(kPostingsTable, posting.posting_id), EncodePosting(posting));
  }
  for (const AgreementChange& agreement : rows.agreements) {
    mutations.Put(NameKey(kAgreementsTable, agreement.agreement_id), EncodeAgreement(agreement));
  }
}

std::vector<Mutation> MutationsOf(const WriteSet& writes) {
  Mutations to;
  for (const auto& [case_number, row] : writes.cases) {
    to.Put(CaseKey(case_number), EncodeCase(row));
    // Beside it, so that a commit in several parts does not part them but by chance.
    const auto kept = writes.home_statuses.find(case_number);
    if (kept == writes.home_statuses.end()) continue;
    if (kept->second.has_value()) {
      to.Put(HomeStatusKey(case_number), EncodeHomeStatus(*kept->second));
    } else {
      to.Delete(HomeStatusKey(case_number));
    }
  }
  for (const auto& [id, member] : writes.members) {
    to.Put(MemberKey(id.first, id.second), EncodeMember(member));
  }
  for (const auto& [id, kind] : writes.posted) {
    to.Put(PostedKey(id.first, id.second), EncodePosted(kind));
  }
  for (const auto& [digest, tracked] : writes.tracking) {
    to.Put(TrackingKey(digest), EncodeTracked(tracked));
  }
  for (const auto& [key, row] : writes.lists) {
    if (row.has_value()) {
      to.Put(ListKeyBytes(key), EncodeList(*row));
    } else {
      to.Delete(ListKeyBytes(key));
    }
  }
  for (const auto& [key, cell] : writes.cells) {
    if (cell.empty()) {
      to.Delete(CellKeyBytes(key));
    } else {
      to.Put(CellKeyBytes(key), EncodeCell(cell));
    }
  }
  for (const auto& [case_number, entry] : writes.timeline) {
    to.Put(TimelineKey(case_number, entry.place), EncodeEntry(entry));
  }
  for (const auto& [log, change] : writes.changes) {
    to.Put(ChangeKey(log, change.number), EncodeChange(change));
  }
  for (const auto& [band, wanted] : writes.bands) {
    if (wanted) {
      to.Put(BandKey(band), "");
    } else {
      to.Delete(BandKey(band));
    }
  }
  for (const auto& [end, wanted] : writes.consent_ends) {
    if (wanted) {
      to.Put(ConsentEndKey(end), "");
    } else {
      to.Delete(ConsentEndKey(end));
    }
  }
  for (const auto& [log, cursor] : writes.cursors) to.Put(CursorKey(log), EncodeCursor(cursor));
  AddDirectory(writes.directory, to);
  if (writes.stage.has_value()) to.Put(BuildKey(), EncodeStage(*writes.stage));
  return to.Take();
}

// Half of what a value may be: of what is made of a case's row, how its readers saw it before an
// event can be the larger.
constexpr size_t kMostCaseBytes = kv::kMaxValueBytes / 2;

class KvReadModel final : public ReadModel {
 public:
  explicit KvReadModel(kv::Store& store) : store_(store), commits_(store) {}

  Answer<std::optional<CaseRow>> GetCase(std::string case_number) override {
    std::string key = CaseKey(case_number);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return std::nullopt;
    CO_ASSIGN_OR_RETURN(CaseRow row, DecodeCase(case_number, entry->value));
    co_return row;
  }

  Answer<std::optional<HomeStatus>> GetHomeStatus(std::string case_number) override {
    std::string key = HomeStatusKey(case_number);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return std::nullopt;
    CO_ASSIGN_OR_RETURN(HomeStatus kept, DecodeHomeStatus(entry->value));
    co_return kept;
  }

  Answer<std::optional<MemberRow>> GetMember(std::string case_number,
                                             std::string member_id) override {
    std::string key = MemberKey(case_number, member_id);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return std::nullopt;
    CO_ASSIGN_OR_RETURN(MemberRow member, DecodeMember(member_id, entry->value));
    co_return member;
  }

  Answer<std::optional<std::string>> GetPosted(std::string case_number, EntryId id) override {
    std::string key = PostedKey(case_number, id);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return std::nullopt;
    CO_ASSIGN_OR_RETURN(std::string kind, DecodePosted(entry->value));
    co_return kind;
  }

  Answer<std::optional<TrackedMember>> FindTracked(std::string digest) override {
    std::string key = TrackingKey(digest);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return std::nullopt;
    CO_ASSIGN_OR_RETURN(TrackedMember tracked, DecodeTracked(entry->value));
    co_return tracked;
  }

  Answer<Cell> GetCell(CellKey cell_key) override {
    std::string key = CellKeyBytes(cell_key);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return Cell();
    co_return DecodeCell(entry->value);
  }

  Answer<std::optional<TimelineEntry>> GetEntry(std::string case_number,
                                                TimelinePlace place) override {
    std::string key = TimelineKey(case_number, place);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return std::nullopt;
    CO_ASSIGN_OR_RETURN(TimelineEntry found, DecodeEntry(place, entry->value));
    co_return found;
  }

  Answer<Page<ListedCase>> ScanList(ListRange range, std::string after, size_t limit) override {
    kv::ScanRequest request{ListPrefix(range), "", limit, false};
    const size_t prefix = request.prefix.size();
    if (!after.empty()) request.after = request.prefix + after;
    CO_ASSIGN_OR_RETURN(kv::ScanPage page, co_await store_.Scan(std::move(request)));
    Page<ListedCase> listed{{}, page.more};
    listed.rows.reserve(page.entries.size());
    for (Entry& entry : page.entries) {
      CO_ASSIGN_OR_RETURN(ListRow row, DecodeList(std::move(entry.value)));
      entry.key.erase(0, prefix);
      listed.rows.push_back({std::move(entry.key), std::move(row)});
    }
    co_return listed;
  }

  Answer<Page<PlacedEntry>> ScanTimeline(std::string case_number, std::string after,
                                         size_t limit) override {
    kv::ScanRequest request{TimelinePrefix(case_number), "", limit, false};
    const size_t prefix = request.prefix.size();
    if (!after.empty()) request.after = request.prefix + after;
    CO_ASSIGN_OR_RETURN(kv::ScanPage page, co_await store_.Scan(std::move(request)));
    Page<PlacedEntry> placed{{}, page.more};
    for (const Entry& entry : page.entries) {
      CO_ASSIGN_OR_RETURN(const TimelinePlace place, ReadTimelineKey(entry.key));
      CO_ASSIGN_OR_RETURN(TimelineEntry one, DecodeEntry(place, entry.value));
      placed.rows.push_back({entry.key.substr(prefix), std::move(one)});
    }
    co_return placed;
  }

  Answer<Page<Change>> ScanChanges(Log log, uint64_t after, size_t limit) override {
    kv::ScanRequest request{ChangePrefix(log), "", limit, false};
    if (after > 0) request.after = ChangeKey(log, after);
    CO_ASSIGN_OR_RETURN(kv::ScanPage page, co_await store_.Scan(std::move(request)));
    Page<Change> changes{{}, page.more};
    for (const Entry& entry : page.entries) {
      CO_ASSIGN_OR_RETURN(const uint64_t number, ReadChangeKey(entry.key));
      CO_ASSIGN_OR_RETURN(Change change, DecodeChange(number, entry.value));
      changes.rows.push_back(std::move(change));
    }
    co_return changes;
  }

  Answer<Page<std::pair<CellKey, Cell>>> ScanCells(CellKey from, size_t limit) override {
    kv::ScanRequest request{CellPrefix(from.scope, from.row, from.column), CellKeyBytes(from),
                            limit, false};
    request.after
        .pop_back();  // A scan begins behind this; no key is between it and that of `from`.
    CO_ASSIGN_OR_RETURN(kv::ScanPage page, co_await store_.Scan(std::move(request)));
    Page<std::pair<CellKey, Cell>> cells{{}, page.more};
    for (const Entry& entry : page.entries) {
      CO_ASSIGN_OR_RETURN(CellKey key, ReadCellKey(entry.key));
      CO_ASSIGN_OR_RETURN(Cell cell, DecodeCell(entry.value));
      cells.rows.emplace_back(std::move(key), std::move(cell));
    }
    co_return cells;
  }

  Answer<Ends<BandEnd>> ScanBands(size_t limit) override {
    return ScanEnds<BandEnd>(kBandsTable, &ReadBandKey, limit);
  }
  Answer<Ends<ConsentEnd>> ScanConsentEnds(size_t limit) override {
    return ScanEnds<ConsentEnd>(kConsentEndsTable, &ReadConsentEndKey, limit);
  }

  Answer<Cursor> GetCursor(Log log) override {
    std::string key = CursorKey(log);
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return Cursor();
    co_return DecodeCursor(entry->value);
  }

  Answer<BuildStage> GetStage() override {
    std::string key = BuildKey();
    CO_ASSIGN_OR_RETURN(std::optional<Entry> entry, co_await store_.Get(std::move(key)));
    if (!entry.has_value()) co_return BuildStage::kNone;
    co_return DecodeStage(entry->value);
  }

  Answer<DirectoryRows> LoadDirectory() override {
    DirectoryRows rows;
    CO_RETURN_IF_ERROR(co_await LoadTable<BodyChange>(kBodiesTable, &DecodeBody, rows.bodies));
    CO_RETURN_IF_ERROR(co_await LoadTable<LinkChange>(kLinksTable, &DecodeLink, rows.links));
    CO_RETURN_IF_ERROR(
        co_await LoadTable<PostingChange>(kPostingsTable, &DecodePosting, rows.postings));
    CO_RETURN_IF_ERROR(
        co_await LoadTable<AgreementChange>(kAgreementsTable, &DecodeAgreement, rows.agreements));
    co_return rows;
  }

  bool Fits(const CaseRow& row) const override { return EncodeCase(row).size() <= kMostCaseBytes; }

  async::Task<absl::Status> Commit(WriteSet writes) override {
    std::vector<Mutation> mutations = MutationsOf(writes);
    co_return co_await commits_.Commit(std::move(mutations));
  }
  async::Task<absl::Status> FinishCommit() override { co_return co_await commits_.Finish(); }

  Answer<bool> WipeSome() override {
    kv::Change change;
    for (uint8_t table = kCursorsTable; table <= kLastTable; ++table) {
      const size_t room = kv::kMaxScanLimit - change.mutations.size();
      if (room == 0) break;
      kv::ScanRequest request{std::string(1, static_cast<char>(table)), "", room, false};
      CO_ASSIGN_OR_RETURN(kv::ScanPage page, co_await store_.Scan(std::move(request)));
      for (Entry& entry : page.entries) {
        change.mutations.push_back(Mutation::Delete(std::move(entry.key)));
      }
    }
    if (change.mutations.empty()) co_return false;
    const kv::CommitResult result = co_await store_.Commit(std::move(change));
    CO_RETURN_IF_ERROR(StatusOf(result));
    co_return true;
  }

 private:
  template <class End>
  Answer<Ends<End>> ScanEnds(uint8_t table, absl::StatusOr<End> (*read)(std::string_view),
                             size_t limit) {
    Ends<End> found;
    std::string after;
    while (true) {
      kv::ScanRequest request{std::string(1, static_cast<char>(table)), after, limit, false};
      CO_ASSIGN_OR_RETURN(kv::ScanPage page, co_await store_.Scan(std::move(request)));
      for (const Entry& entry : page.entries) {
        absl::StatusOr<End> end = read(entry.key);
        if (end.ok()) {
          found.ends.push_back(*std::move(end));
        } else {
          found.damage.Update(absl::DataLossError(fmt::format(
              "a key of table {:02x}: {}", table, std::string(end.status().message()))));
        }
      }
      if (!page.more || !found.ends.empty()) co_return found;
      after = std::move(page.entries.back().key);
    }
  }

  template <class Row>
  async::Task<absl::Status> LoadTable(uint8_t table,
                                      absl::StatusOr<Row> (*decode)(std::string_view,
                                                                    std::string_view),
                                      std::vector<Row>& rows) {
    std::string after;
    while (true) {
      kv::ScanRequest request{std::string(1, static_cast<char>(table)), after, kv::kMaxScanLimit,
                              false};
      CO_ASSIGN_OR_RETURN(kv::ScanPage page, co_await store_.Scan(std::move(request)));
      for (const Entry& entry : page.entries) {
        CO_ASSIGN_OR_RETURN(const std::string name, ReadNameKey(table, entry.key));
        CO_ASSIGN_OR_RETURN(Row row, decode(name, entry.value));
        rows.push_back(std::move(row));
      }
      if (!page.more) co_return absl::OkStatus();
      after = std::move(page.entries.back().key);
    }
  }

  kv::Store& store_;
  WideCommits commits_;
};

}  // namespace

std::vector<kv::Migration> StatusMigrations() {
  const auto begin_rebuild = [](const Entry& entry) -> absl::StatusOr<kv::Change> {
    return kv::Change{.mutations = {Mutation::Put(entry.key, EncodeStage(BuildStage::kWiping))}};
  };
  const auto leave = [](const Entry&) -> absl::StatusOr<kv::Change> { return kv::Change(); };
  return {{2, BuildKey(), begin_rebuild}, {3, UnfinishedKey(0), leave},
          {4, BuildKey(), begin_rebuild}, {5, BuildKey(), begin_rebuild},
          {6, BuildKey(), begin_rebuild}, {7, BuildKey(), begin_rebuild}};
}

std::unique_ptr<ReadModel> MakeReadModel(kv::Store& store) {
  return std::make_unique<KvReadModel>(store);
}

}  // namespace redress::status
