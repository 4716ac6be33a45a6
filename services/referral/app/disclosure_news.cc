// Whether what may be disclosed now is what the receiver was told.
#include <utility>

#include "services/platform/status/status_macros.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/file_rows.h"

namespace redress::referral {
namespace {

using exchange::v1::MemberPage;

// Every disclosure has a number of its own, which is no news.
template <class Part>
std::string ContentOfPart(Part part) {
  part.clear_disclosure_number();
  return Deterministic(part);
}

// A page of members as it was sent, if there was one of that number.
Answer<std::optional<MemberPage>> SentPage(const AppParts& parts, const LoadedReferral& loaded,
                                           uint32_t number) {
  PageKey key{loaded.ref, loaded.record.disclosure_number(), number};
  const RowKey row_key = key;
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  std::optional<MemberPage> sent;
  if (!found->has_value()) co_return sent;
  absl::StatusOr<std::string> bytes =
      parts.repository.Open(*loaded.case_key, row_key, (*found)->row.sealed());
  CO_RETURN_IF_ERROR(bytes.status());
  exchange::v1::Message message;
  if (!message.ParseFromString(*bytes)) {
    co_return absl::DataLossError("a page that was disclosed cannot be read");
  }
  sent = std::move(*message.mutable_member_page());
  co_return sent;
}

}  // namespace

Answer<bool> Disclosures::Differs(const LoadedReferral& loaded, const WholeDisclosure& whole) {
  absl::StatusOr<rows::ReferralPersonal> personal = OpenPersonal(parts_, loaded);
  CO_RETURN_IF_ERROR(personal.status());
  if (ContentOfPart(whole.complaint) != ContentOfPart(personal->complaint())) co_return true;
  for (const MemberPage& page : whole.pages) {
    absl::StatusOr<std::optional<MemberPage>> sent = co_await SentPage(parts_, loaded, page.page());
    CO_RETURN_IF_ERROR(sent.status());
    if (!sent->has_value() || ContentOfPart(**sent) != ContentOfPart(page)) co_return true;
  }
  co_return false;
}

Answer<bool> Disclosures::IsCurrent(const LoadedReferral& loaded) {
  std::vector<std::string> nobody;
  absl::StatusOr<WholeDisclosure> whole =
      co_await FetchUpdate(loaded, Joining::kNobody, std::move(nobody), /*preview=*/true);
  CO_RETURN_IF_ERROR(whole.status());
  absl::StatusOr<bool> differs = co_await Differs(loaded, *whole);
  CO_RETURN_IF_ERROR(differs.status());
  co_return !*differs;
}

Answer<bool> Disclosures::HasNews(const LoadedReferral& loaded,
                                  std::vector<std::string> add_members,
                                  std::vector<RandomId> files) {
  absl::StatusOr<WholeDisclosure> whole =
      co_await FetchUpdate(loaded, Joining::kWhoConsents, std::move(add_members), /*preview=*/true);
  CO_RETURN_IF_ERROR(whole.status());
  absl::StatusOr<bool> differs = co_await Differs(loaded, *whole);
  CO_RETURN_IF_ERROR(differs.status());
  if (*differs) co_return true;
  for (RandomId& file : files) {
    absl::StatusOr<std::optional<StoredFile>> stored =
        co_await FindFile(parts_, loaded, std::move(file));
    CO_RETURN_IF_ERROR(stored.status());
    if (!stored->has_value()) co_return true;
  }
  co_return false;
}

}  // namespace redress::referral
