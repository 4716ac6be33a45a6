// The lists of DirectoryVerbs: by id, each page from where the one before ended.
#include <algorithm>
#include <functional>
#include <utility>

#include "services/platform/codes/field_checks.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/directory_verbs.h"
#include "services/referral/domain/codes.h"

namespace redress::referral {
namespace {

// What a call looks at: rows of entries, and as many again of the links to those who own what is
// shown, or of the halves of agreements.
constexpr size_t kRowsLookedAt = 500;
constexpr size_t kRowsAtOnce = 20;  // At least, so that what does not fit is passed in few reads.

bool Takes(const std::vector<std::string>& list, const std::string& code) {
  return code.empty() || list.empty() || std::find(list.begin(), list.end(), code) != list.end();
}

bool Fits(const Body& body, const v1::ListBodiesRequest& request) {
  return (request.include_inactive() || body.active) &&
         (request.node_id().empty() || NodeOf(body.body_id).ToString() == request.node_id()) &&
         (request.country().empty() || body.country == request.country()) &&
         (request.kind().empty() || body.kind == request.kind()) &&
         Takes(body.categories, request.category()) && Takes(body.sectors, request.sector());
}

bool Fits(const Agreement& agreement, const v1::ListAgreementsRequest& request, absl::Time now) {
  bool party = request.party_body_id().empty();
  bool node = request.node_id().empty();
  for (const BodyId& one : agreement.terms.parties) {
    party = party || one.ToString() == request.party_body_id();
    node = node || NodeOf(one).ToString() == request.node_id();
  }
  const bool in_force = StandingOf(agreement, DateOf(now)) == AgreementStanding::kInForce;
  return party && node && (!request.in_force() || in_force);
}

bool Fits(const Posting& posting, const v1::ListPostingsRequest& request, absl::Time now) {
  return (request.sending_country().empty() ||
          posting.sending_country == request.sending_country()) &&
         (request.host_country().empty() || posting.host_country == request.host_country()) &&
         (!request.in_office() || posting.days.Contains(DateOf(now)));
}

// Filters, all of which may be empty. One that nothing can have is a mistake and no empty list,
// which would say that there is nothing of the kind.
template <class NameType>
void CheckName(std::string_view field, const std::string& name, FieldViolations& violations) {
  if (!name.empty()) violations.Take(NameType::Parse(name, field).status());
}

void CheckCountry(std::string_view field, const std::string& code, const IsoCodes& codes,
                  FieldViolations& violations) {
  if (!code.empty() && !codes.HasCountry(code)) {
    violations.AddValue(field, code, "an ISO 3166-1 alpha-2 code");
  }
}

void CheckFilter(const v1::ListBodiesRequest& request, const IsoCodes& codes,
                 FieldViolations& violations) {
  CheckName<NodeId>("node_id", request.node_id(), violations);
  CheckCountry("country", request.country(), codes, violations);
  CheckCode("kind", request.kind(), kBodyKinds, violations);
  CheckCode("category", request.category(), kCategories, violations);
  CheckCode("sector", request.sector(), kSectors, violations);
}

void CheckFilter(const v1::ListAgreementsRequest& request, const IsoCodes&,
                 FieldViolations& violations) {
  CheckName<BodyId>("party_body_id", request.party_body_id(), violations);
  CheckName<NodeId>("node_id", request.node_id(), violations);
}

void CheckFilter(const v1::ListPostingsRequest& request, const IsoCodes& codes,
                 FieldViolations& violations) {
  CheckCountry("sending_country", request.sending_country(), codes, violations);
  CheckCountry("host_country", request.host_country(), codes, violations);
}

// A page of a list by id.
struct Page {
  std::string binding;  // The token's, to caller and filter.
  std::string after;    // The last id of the page before.
  size_t size = 0;
};

template <class Request>
absl::StatusOr<Page> ReadPage(const AppParts& parts, const char* verb, const Caller& caller,
                              Request request) {
  FieldViolations violations;
  CheckFilter(request, parts.codes, violations);
  Page page;
  page.size = ReadPageSize("page_size", request.page_size(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::string token = request.page_token();
  request.clear_page_token();
  request.clear_page_size();
  page.binding = crypto::PageTokens::Binding({verb, caller->CallerKey(), Deterministic(request)});
  ASSIGN_OR_RETURN(page.after, parts.page_tokens.Open(token, page.binding));
  return page;
}

template <class Key, class Entry>
struct Walked {
  std::vector<Entry> entries;
  std::optional<Key> last;  // The last row that was looked at.
  size_t looked_at = 0;
  bool more = false;  // There may be rows after it.
};

// Reads rows of `range` after `after`, until `take` has made `wanted` entries of them or `most`
// were looked at. It gives nothing for a row that is not to be shown.
template <class Key, class Entry>
Answer<Walked<Key, Entry>> Walk(const AppParts& parts, RowRange range, std::optional<Key> after,
                                size_t wanted, size_t most,
                                std::function<std::optional<Entry>(const Found<Key>&)> take) {
  Walked<Key, Entry> walked;
  walked.last = std::move(after);
  while (walked.entries.size() < wanted && walked.looked_at < most) {
    const size_t missing = wanted - walked.entries.size();
    const size_t limit = std::min(std::max(missing, kRowsAtOnce), most - walked.looked_at);
    RowRange of = range;
    std::optional<Key> from = walked.last;
    auto page = co_await parts.repository.Scan<Key>(std::move(of), std::move(from), limit);
    CO_RETURN_IF_ERROR(page.status());
    walked.looked_at += page->rows.size();
    for (const Found<Key>& row : page->rows) {
      if (walked.entries.size() == wanted) break;
      walked.last = row.key;
      if (std::optional<Entry> entry = take(row)) walked.entries.push_back(*std::move(entry));
    }
    walked.more = page->more || (!page->rows.empty() && walked.last != page->rows.back().key);
    if (!page->more) break;
  }
  co_return walked;
}

}  // namespace

Answer<v1::ListBodiesResponse> DirectoryVerbs::ListBodies(Caller caller,
                                                          v1::ListBodiesRequest request) {
  absl::StatusOr<Page> page = ReadPage(parts_, "ListBodies", caller, request);
  CO_RETURN_IF_ERROR(page.status());
  std::optional<BodyKey> after;
  if (!page->after.empty()) after = BodyKey{BodyId::FromTrusted(page->after)};
  std::function<std::optional<Body>(const Found<BodyKey>&)> take =
      [request](const Found<BodyKey>& row) -> std::optional<Body> {
    Body body = ReadBody(row.row);
    return Fits(body, request) ? std::optional(std::move(body)) : std::nullopt;
  };
  RowRange range{.of = RowRange::Of::kBodies};
  auto walked = co_await Walk(parts_, std::move(range), std::move(after), page->size, kRowsLookedAt,
                              std::move(take));
  CO_RETURN_IF_ERROR(walked.status());
  CO_RETURN_IF_ERROR(co_await SetAsOf(parts_, walked->entries));
  v1::ListBodiesResponse response;
  for (const Body& body : walked->entries) *response.add_bodies() = ToProto(body);
  if (walked->more) {
    const std::string last = walked->last->body.ToString();
    response.set_next_page_token(parts_.page_tokens.Seal(last, page->binding));
  }
  co_return response;
}

Answer<v1::ListAgreementsResponse> DirectoryVerbs::ListAgreements(
    Caller caller, v1::ListAgreementsRequest request) {
  absl::StatusOr<Page> page = ReadPage(parts_, "ListAgreements", caller, request);
  CO_RETURN_IF_ERROR(page.status());
  v1::ListAgreementsResponse response;
  const absl::Time now = parts_.clock.Now();
  std::string last = page->after;
  size_t looked_at = 0;
  while (static_cast<size_t>(response.agreements_size()) < page->size &&
         looked_at < kRowsLookedAt) {
    // The first half of each agreement. The other half of the last one comes after `after`.
    std::function<std::optional<std::string>(const Found<AgreementKey>&)> take =
        [last](const Found<AgreementKey>& half) mutable -> std::optional<std::string> {
      if (half.key.agreement == last) return std::nullopt;
      last = half.key.agreement;
      return last;
    };
    std::optional<AgreementKey> after;
    if (!last.empty()) after = AgreementKey{last, BodyId()};
    RowRange range{.of = RowRange::Of::kAgreements};
    const size_t wanted = page->size - static_cast<size_t>(response.agreements_size());
    auto walked = co_await Walk(parts_, std::move(range), std::move(after), wanted,
                                kRowsLookedAt - looked_at, std::move(take));
    CO_RETURN_IF_ERROR(walked.status());
    looked_at += walked->looked_at;
    for (std::string& id : walked->entries) {
      last = id;
      auto agreement = co_await FindAgreementById(parts_, std::move(id));
      CO_RETURN_IF_ERROR(agreement.status());
      if (!agreement->has_value() || !Fits(**agreement, request, now)) continue;
      *response.add_agreements() = ToShow(**agreement, now);
    }
    if (!walked->more) co_return response;
  }
  response.set_next_page_token(parts_.page_tokens.Seal(last, page->binding));
  co_return response;
}

Answer<v1::ListPostingsResponse> DirectoryVerbs::ListPostings(Caller caller,
                                                              v1::ListPostingsRequest request) {
  absl::StatusOr<Page> page = ReadPage(parts_, "ListPostings", caller, request);
  CO_RETURN_IF_ERROR(page.status());
  std::optional<PostingKey> after;
  if (!page->after.empty()) after = PostingKey{page->after};
  std::function<std::optional<Posting>(const Found<PostingKey>&)> take =
      [caller, request,
       now = parts_.clock.Now()](const Found<PostingKey>& row) -> std::optional<Posting> {
    Posting posting = ReadPosting(row.row);
    const bool shown = MaySee(*caller, posting) && Fits(posting, request, now);
    return shown ? std::optional(std::move(posting)) : std::nullopt;
  };
  RowRange range{.of = RowRange::Of::kPostings};
  auto walked = co_await Walk(parts_, std::move(range), std::move(after), page->size, kRowsLookedAt,
                              std::move(take));
  CO_RETURN_IF_ERROR(walked.status());
  CO_RETURN_IF_ERROR(co_await SetAsOf(parts_, walked->entries));
  v1::ListPostingsResponse response;
  for (const Posting& posting : walked->entries) *response.add_postings() = ToProto(posting);
  if (walked->more) {
    const std::string last = walked->last->posting;
    response.set_next_page_token(parts_.page_tokens.Seal(last, page->binding));
  }
  co_return response;
}

}  // namespace redress::referral
