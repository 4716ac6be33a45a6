#ifndef REDRESS_SERVICES_STATUS_DOMAIN_TESTING_FOLDED_CASE_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_TESTING_FOLDED_CASE_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/status/domain/apply.h"
#include "services/status/domain/testing/sample_events.h"

namespace redress::status::testing {

// A case in memory, taking in events as the service does: by parts.
class Folded {
 public:
  explicit Folded(std::string node = "kh") : context_{std::move(node), Day(20)} {
    rows_.row = NewCase(context_, kCase);
  }

  template <class Event>
  void Take(const Event& event) {
    for (const Event& part : Split(event)) {
      CaseRows touched;
      touched.row = rows_.row;
      for (const std::string& id : MembersOf(part)) {
        const auto known = rows_.members.find(id);
        touched.members[id] = known == rows_.members.end() ? NewMember(id) : known->second;
      }
      touched.posted = rows_.posted;
      for (TimelineEntry& entry : Apply(context_, part, touched)) {
        timeline_.push_back(std::move(entry));
      }
      rows_.row = touched.row;
      for (auto& [id, member] : touched.members) rows_.members[id] = member;
      rows_.posted = touched.posted;
    }
  }

  const CaseRow& row() const { return rows_.row; }
  const std::map<std::string, MemberRow>& members() const { return rows_.members; }
  const MemberRow& member(int index) const { return rows_.members.at(CaseStory::Member(index)); }
  const std::vector<TimelineEntry>& timeline() const { return timeline_; }
  std::vector<std::string> happened() const {
    std::vector<std::string> what;
    for (const TimelineEntry& entry : timeline_) what.push_back(entry.what);
    return what;
  }

 private:
  ApplyContext context_;
  CaseRows rows_;
  std::vector<TimelineEntry> timeline_;
};

}  // namespace redress::status::testing

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_TESTING_FOLDED_CASE_H_
