#ifndef REDRESS_SERVICES_REFERRAL_APP_DISCLOSURES_H_
#define REDRESS_SERVICES_REFERRAL_APP_DISCLOSURES_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "redress/exchange/v1/message.pb.h"
#include "redress/intake/v1/disclosure.pb.h"
#include "redress/intake/v1/event_data.pb.h"
#include "redress/referral/v1/requests_home.pb.h"
#include "services/referral/app/parts.h"
#include "services/referral/app/referral_edit.h"

namespace redress::referral {

struct ReferPlan;

// Two tries to disclose the same referral would write the same rows, one over the other's: they
// take turns. Held by the one who stores; gone with it.
class DisclosureTurn {
 public:
  // Null while another has the turn. `taken` is shared by all who might want it.
  static std::shared_ptr<const DisclosureTurn> Take(std::shared_ptr<std::set<std::string>> taken,
                                                    const ReferralId& id);
  ~DisclosureTurn();
  DisclosureTurn(const DisclosureTurn&) = delete;
  DisclosureTurn& operator=(const DisclosureTurn&) = delete;

 private:
  DisclosureTurn(std::shared_ptr<std::set<std::string>> taken, std::string id);

  const std::shared_ptr<std::set<std::string>> taken_;
  const std::string id_;
};

// A disclosure as intake let it out, cut into pages that fit an envelope.
struct WholeDisclosure {
  uint32_t number = 0;
  intake::v1::DisclosedComplaint complaint;
  std::vector<exchange::v1::MemberPage> pages;
  std::vector<intake::v1::MemberDimensions> members;
  // The case's sequence row before intake was asked. Whoever handles a withdrawal or a consent that
  // was taken back writes it, so that what was asked for before is not made part of a referral.
  kv::Version asked_at = 0;
  // The last commit of intake that it takes account of.
  uint64_t case_commit = 0;
  // Keeps others from storing a disclosure of the same referral, until this one is part of it or
  // given up. Set once it is stored.
  std::shared_ptr<const DisclosureTurn> turn;
};

// Who joins those disclosed before when a disclosure is made anew without naming members.
enum class Joining : uint8_t {
  kNobody,       // The node itself narrows what it disclosed.
  kWhoConsents,  // A person sends what there is now; in a referral made for named members, nobody.
};

// What leaves: asks intake for it, stores it page by page unless it is small, and makes it part of
// a referral with the last commit, so that a group of 10,000 is seen whole or not at all. Runs on
// the parts' executor; calls may overlap.
class Disclosures {
 public:
  explicit Disclosures(const AppParts& parts) : parts_(parts) {}

  // ReferComplaint, by a person; or by the node itself for a forward (then `caller` is the node's
  // own principal and `request` names the parent).
  Answer<v1::ReferComplaintResponse> Refer(Caller caller, v1::ReferComplaintRequest request);

  // What consent allows now, as the next disclosure of the referral: fetched and stored, but not
  // yet part of it. Never more than the referral was limited to when it was made. Those disclosed
  // before stay as far as they still consent; `add_members` join them, CONSENT_MISSING {purpose,
  // member_ids} when one may not. UNAVAILABLE while another disclosure of it is under way, or when
  // one came first: repeat.
  Answer<WholeDisclosure> PrepareUpdate(const LoadedReferral& loaded, Joining joining,
                                        std::vector<std::string> add_members);

  // Whether PrepareUpdate would make anything that the receiver has not: asked before, since
  // preparing opens the next number at intake. `files` are those to be sent with it.
  Answer<bool> HasNews(const LoadedReferral& loaded, std::vector<std::string> add_members,
                       std::vector<RandomId> files);

  // What a disclosure is asked at, and that nobody has taken consent back since: see
  // WholeDisclosure::asked_at. ABORTED at the commit where somebody has.
  Answer<kv::Version> AskingAt(const ReferralId& id);
  static void ExpectAskedAt(ReferralEdit& edit, kv::Version asked_at);

  // Whether a referral that was given up still holds what may be disclosed to its receiver, no more
  // and no less. Errors of intake when nothing may any more.
  Answer<bool> IsCurrent(const LoadedReferral& loaded);

  // Makes a prepared disclosure the referral's and queues it. UNAVAILABLE when another one came
  // first: repeat. EVIDENCE_NOT_SHAREABLE {evidence_id} when a file named is not in it.
  static absl::Status ApplyUpdate(ReferralEdit& edit, const WholeDisclosure& disclosure,
                                  const std::vector<std::string>& files);

  // Narrows a referral to what consent allows now, by the node itself.
  Answer<bool> UpdateByNode(ReferralRef ref);

 private:
  Answer<bool> Number(ReferPlan& plan);
  Answer<bool> Limit(const ReferPlan& plan, intake::v1::DiscloseComplaintRequest& disclose);
  // What PrepareUpdate makes, before it is stored; with `preview` intake opens nothing.
  Answer<WholeDisclosure> FetchUpdate(const LoadedReferral& loaded, Joining joining,
                                      std::vector<std::string> add_members, bool preview);
  Answer<bool> Differs(const LoadedReferral& loaded, const WholeDisclosure& whole);
  Answer<WholeDisclosure> Fetch(intake::v1::DiscloseComplaintRequest first);
  Answer<bool> Store(WholeDisclosure& disclosure, ReferralRef ref, CaseKeyPointer case_key);
  // The rows of a disclosure that is too small for Store to keep them in commits of their own.
  static void StageWithReferral(ReferralEdit& edit, const WholeDisclosure& disclosure);
  Answer<bool> DeleteLeftovers(const WholeDisclosure& disclosure, ReferralRef ref);
  Answer<v1::ReferComplaintResponse> Commit(const ReferPlan& plan, WholeDisclosure disclosure);

  const AppParts& parts_;
  const std::shared_ptr<std::set<std::string>> turns_ = std::make_shared<std::set<std::string>>();
};

// Ends a disclosure that was begun and has come to no referral; false, and nothing done, when the
// row has another version than `version`: somebody has gone on with it, or it is gone. Where intake
// cannot be told now, the row stays marked for the next run of SettleWithIntake.
Answer<bool> EndBegunDisclosure(const AppParts& parts, OpenDisclosureKey key, kv::Version version);

// What a referral is found and counted by, out of what was disclosed. The filing body and the
// province are home's to add.
intake::v1::CaseDimensions DimensionsOf(const intake::v1::DisclosedComplaint& complaint,
                                        const std::vector<intake::v1::MemberDimensions>& members);
intake::v1::MemberDimensions DimensionsOf(const intake::v1::DisclosedMember& member);

// MembersDisclosed events, 1,000 members each.
std::vector<v1::Event> MembersEvents(uint32_t disclosure,
                                     const std::vector<intake::v1::MemberDimensions>& members);

// A file of a disclosure as the sending side keeps it until the peer has it.
void AddOutgoingFile(ReferralEdit& edit, const intake::v1::EvidenceFile& file, uint32_t disclosure);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_DISCLOSURES_H_
