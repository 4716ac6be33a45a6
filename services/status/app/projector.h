#ifndef REDRESS_SERVICES_STATUS_APP_PROJECTOR_H_
#define REDRESS_SERVICES_STATUS_APP_PROJECTOR_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/platform/async/task.h"
#include "services/platform/time/clock.h"
#include "services/status/app/read_model.h"
#include "services/status/domain/apply.h"
#include "services/status/domain/events.h"

namespace redress::status {

// Turns events into what has to be written: reads the rows that an event concerns, applies it, and
// gathers the difference between what readers saw before and what they see after. Several events
// are gathered into one WriteSet, which the caller commits when it is large enough.
//
// The only writer there is: it remembers cells that it wrote, since every case changes the same
// few. After a commit that failed, Forget. For the executor's thread.
class Projector {
 public:
  // `model` and `clock` outlive this.
  Projector(std::string node, absl::Duration screening_time, ReadModel& model, const Clock& clock);

  // One part (Split) of one event.
  async::Task<absl::Status> Take(IntakeEvent event, WriteSet& writes);
  async::Task<absl::Status> Take(ReferralEvent event, WriteSet& writes);

  // A case has passed into the next time band.
  async::Task<absl::Status> PassBand(BandEnd band, WriteSet& writes);
  // A member's consent to attachés has run out.
  async::Task<absl::Status> EndConsent(ConsentEnd end, WriteSet& writes);

  void Forget() { cells_.clear(); }

 private:
  ApplyContext Context() const;
  Answer<CaseRows> Load(std::string case_number, std::vector<std::string> member_ids,
                        std::vector<EntryId> entry_ids, const WriteSet& writes);

  // A case and what each scope sees of it.
  struct Seen {
    explicit Seen(CaseRow the_row);
    CaseRow row;
    std::map<Scope, CaseView> views;
  };
  static void WriteLists(const Seen& before, const Seen& after, WriteSet& writes);
  static void WriteHomeStatus(const Seen& before, const Seen& after, WriteSet& writes);
  static void WriteBands(const CaseRow& before, const CaseRow& after, WriteSet& writes);
  static void WriteConsentEnds(const CaseRows& rows, WriteSet& writes);
  static std::vector<SeenBefore> BeforeOf(const Seen& before, const Seen& after);
  static std::vector<Scope> SeenOtherwise(const Seen& before, const Seen& after, bool has_entry);
  async::Task<absl::Status> WriteCells(const Seen& before, const Seen& after, WriteSet& writes);
  async::Task<absl::Status> WriteDifference(const Seen& before, const Seen& after,
                                            WriteSet& writes);

  // Which part of which event it is. Of a referral also which, and its members (Change).
  struct Source {
    Log log = Log::kIntake;
    uint64_t number = 0;
    bool first_part = true;
    std::string referral_id;
    std::vector<std::string> member_ids;
  };
  // What earlier parts of the event changed.
  Answer<std::optional<Change>> FindChange(const Source& source, const WriteSet& writes);
  // What those who watch are told of the event, with what this part of it adds.
  async::Task<absl::Status> WriteChange(Source source, const Seen& before, const Seen& after,
                                        std::optional<TimelinePlace> entry, WriteSet& writes);
  async::Task<absl::Status> WriteRows(Source source, CaseRow before, CaseRows after,
                                      std::vector<TimelineEntry> entries, WriteSet& writes);

  // Keeps at most so many cells in memory, some 250 bytes each: those of a day's cases. More of
  // them fill for hours with those of agencies that file once, and look like a leak.
  static constexpr size_t kMaxCells = 5'000;

  const std::string node_;
  const absl::Duration screening_time_;
  ReadModel& model_;
  const Clock& clock_;
  std::map<CellKey, Cell> cells_;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_PROJECTOR_H_
