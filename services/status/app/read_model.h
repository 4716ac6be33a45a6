#ifndef REDRESS_SERVICES_STATUS_APP_READ_MODEL_H_
#define REDRESS_SERVICES_STATUS_APP_READ_MODEL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "redress/status/v1/case_view.pb.h"
#include "services/platform/async/task.h"
#include "services/status/domain/case_row.h"
#include "services/status/domain/cells.h"
#include "services/status/domain/events.h"
#include "services/status/domain/list_index.h"
#include "services/status/domain/scope.h"
#include "services/status/domain/timeline.h"

namespace redress::status {

namespace v1 = ::redress::status::v1;

template <class T>
using Answer = async::Task<absl::StatusOr<T>>;

// How far the read models have come to be whole. Stored by its number.
enum class BuildStage : int32_t {
  kNone = 0,     // A new store.
  kWiping = 1,   // What was there before is being removed.
  kReading = 2,  // Both logs are being read from their beginning.
  kWhole = 3,
};

// How far a log has been taken in: the last event wholly, and parts of the next.
struct Cursor {
  uint64_t number = 0;
  uint32_t parts = 0;
};

struct TrackedMember {
  std::string case_number;
  std::string member_id;
};

// A row of a list, as kept.
struct ListRow {
  std::string summary;  // A serialised v1::CaseSummary, without names and `overdue`.
  std::vector<std::string> nationalities;  // When more than the summary's one.
  // The summary's, for what a list adds to it.
  std::string holder_body_id;
  absl::Time due_at = kNoTime;

  friend bool operator==(const ListRow&, const ListRow&) = default;
};

// A referral in a HomeStatus.
struct KeptReferral {
  std::string status;  // A serialised v1::ReferralStatus, without what home_status.h adds.
  // The status's, for that.
  std::string receiver_body_id;
  absl::Time due_at = kNoTime;
  std::string peer_node;
  absl::Time heard_at = kNoTime;

  friend bool operator==(const KeptReferral&, const KeptReferral&) = default;
};

// A case of this node as those see it who see all of it (SeesAll), as kept: a look at the case
// reads nothing else.
struct HomeStatus {
  std::string province;  // Whose readers these are, beside the node's own; empty: none.
  std::string filed_by_body_id;
  std::string status;  // A serialised v1::CaseStatus, without what home_status.h adds.
  // The status's, for that.
  std::string holder_body_id;
  absl::Time due_at = kNoTime;
  std::vector<KeptReferral> referrals;
  std::vector<CurrencyTotal> totals;

  friend bool operator==(const HomeStatus&, const HomeStatus&) = default;
};

// The part of an index that a list reads.
struct ListRange {
  Scope scope;
  ListFilter filter = ListFilter::kAny;
  std::string value;
  ListOrder order = ListOrder::kUpdatedLast;
};

struct ListedCase {
  std::string place;  // Within any range of the same order: compares as the list is sorted.
  ListRow row;
};

struct PlacedEntry {
  std::string place;  // Within the case's timeline.
  TimelineEntry entry;
};

// How readers of a scope saw a case before an event.
struct SeenBefore {
  Scope scope;
  bool hidden = false;  // They do not see it now.
  v1::CaseSummary summary;
  std::vector<std::string> nationalities;
};

// What one event changed.
struct Change {
  uint64_t number = 0;
  std::string case_number;
  std::optional<TimelinePlace> entry;
  std::vector<SeenBefore> before;
  // Receivers and attachés not among `before` who see the case otherwise now. With an entry only
  // those who did not see it before: of the others the entry tells who is told.
  std::vector<Scope> seen_otherwise;
  // Without an entry: what an entry would say of whom it concerns.
  std::string referral_id;
  std::vector<std::string> member_ids;  // None: all in the referral.
};

struct BandEnd {
  absl::Time at = kNoTime;
  std::string case_number;

  friend bool operator<(const BandEnd& a, const BandEnd& b) {
    return std::tie(a.at, a.case_number) < std::tie(b.at, b.case_number);
  }
};

// When a member's consent to attachés runs out. One whose consent has changed since says nothing.
struct ConsentEnd {
  absl::Time at = kNoTime;
  std::string case_number;
  std::string member_id;

  friend bool operator<(const ConsentEnd& a, const ConsentEnd& b) {
    return std::tie(a.at, a.case_number, a.member_id) < std::tie(b.at, b.case_number, b.member_id);
  }
};

// What ends first, in order. Rows that cannot be read are passed over: one of them is told of.
template <class End>
struct Ends {
  std::vector<End> ends;
  absl::Status damage;
};

// Everything that is known beside cases; small, so it is held in memory (Directory).
struct DirectoryRows {
  std::vector<BodyChange> bodies;
  std::vector<LinkChange> links;
  std::vector<PostingChange> postings;
  std::vector<AgreementChange> agreements;
};

// What one commit writes. The latest of several writes to one key counts.
struct WriteSet {
  std::map<std::string, CaseRow> cases;
  // Of some of `cases`; nullopt: removed.
  std::map<std::string, std::optional<HomeStatus>> home_statuses;
  std::map<std::pair<std::string, std::string>, MemberRow> members;  // By case and member.
  // Kinds of entries of the ledger, by case and entry.
  std::map<std::pair<std::string, EntryId>, std::string> posted;
  std::map<std::string, TrackedMember> tracking;                // By digest.
  std::map<ListKey, std::optional<ListRow>> lists;              // nullopt: removed.
  std::map<CellKey, Cell> cells;                                // Empty: removed.
  std::vector<std::pair<std::string, TimelineEntry>> timeline;  // With the case.
  std::vector<std::pair<Log, Change>> changes;
  std::map<BandEnd, bool> bands;            // false: removed.
  std::map<ConsentEnd, bool> consent_ends;  // The same.
  std::map<Log, Cursor> cursors;
  DirectoryRows directory;
  std::optional<BuildStage> stage;
  // Not written: those of `cases` that are set aside by this.
  std::vector<std::string> set_aside;

  // How many changes this is to the store.
  size_t operations() const;
  bool empty() const { return operations() == 0; }
};

// What a scan gives: `more` tells whether others follow, never the number of these.
template <class Row>
struct Page {
  std::vector<Row> rows;
  bool more = false;
};

// The read models, as the application wants them kept: a port, implemented by storage.
//
// One writer at a time commits (Ingest); readers see whole commits. What is absent is not an error.
// For the executor's thread.
class ReadModel {
 public:
  virtual ~ReadModel() = default;

  virtual Answer<std::optional<CaseRow>> GetCase(std::string case_number) = 0;
  // Kept for every case of this node that is known().
  virtual Answer<std::optional<HomeStatus>> GetHomeStatus(std::string case_number) = 0;
  virtual Answer<std::optional<MemberRow>> GetMember(std::string case_number,
                                                     std::string member_id) = 0;
  // The kind of an entry of the ledger.
  virtual Answer<std::optional<std::string>> GetPosted(std::string case_number, EntryId id) = 0;
  virtual Answer<std::optional<TrackedMember>> FindTracked(std::string digest) = 0;
  // An empty one when absent.
  virtual Answer<Cell> GetCell(CellKey key) = 0;
  virtual Answer<std::optional<TimelineEntry>> GetEntry(std::string case_number,
                                                        TimelinePlace place) = 0;

  // Scans give up to `limit` (1 to 1,000) in order, after the place given ("" and 0: from the
  // beginning), and fewer when they are large.
  virtual Answer<Page<ListedCase>> ScanList(ListRange range, std::string after, size_t limit) = 0;
  virtual Answer<Page<PlacedEntry>> ScanTimeline(std::string case_number, std::string after,
                                                 size_t limit) = 0;
  virtual Answer<Page<Change>> ScanChanges(Log log, uint64_t after, size_t limit) = 0;
  // Cells of the scope and the dimensions of `from`, those of its values and what comes behind
  // them.
  virtual Answer<Page<std::pair<CellKey, Cell>>> ScanCells(CellKey from, size_t limit) = 0;
  // These two are asked again while there is any, and so do not say whether there are more. They
  // give none only when there is none.
  virtual Answer<Ends<BandEnd>> ScanBands(size_t limit) = 0;
  virtual Answer<Ends<ConsentEnd>> ScanConsentEnds(size_t limit) = 0;

  virtual Answer<Cursor> GetCursor(Log log) = 0;
  virtual Answer<BuildStage> GetStage() = 0;
  virtual Answer<DirectoryRows> LoadDirectory() = 0;

  // Whether a case is small enough to be kept, and with it what is made of it alone. The limit is
  // far beyond what a group comes to whose members are like those of real ones.
  virtual bool Fits(const CaseRow& row) const = 0;

  // All or nothing, however much it is; a large one takes several commits of the store, between
  // which readers may see some of its rows. After an error, and before the first commit of a
  // process, FinishCommit ends what was begun: where the cursors are is known only then.
  virtual async::Task<absl::Status> Commit(WriteSet writes) = 0;
  virtual async::Task<absl::Status> FinishCommit() = 0;

  // Removes up to 1,000 rows of everything but the stage, an unfinished commit too; false when
  // there is nothing left.
  virtual Answer<bool> WipeSome() = 0;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_READ_MODEL_H_
