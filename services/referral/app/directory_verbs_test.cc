#include "services/platform/status/field_violations.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class DirectoryVerbsTest : public StoryTest {
 protected:
  template <class Response>
  static std::vector<std::string> FieldsOf(const absl::StatusOr<Response>& answer) {
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument) << answer.status();
    std::vector<std::string> fields;
    for (const FieldViolation& one : GetFieldViolations(answer.status())) {
      fields.push_back(one.field);
    }
    return fields;
  }

  v1::PutAgreementRequest CufMtuc() {
    v1::PutAgreementRequest request;
    request.set_request_id(world.RequestId());
    request.set_agreement_id("kh-my:cuf-mtuc");
    request.set_party_body_id("my:mtuc");
    request.set_version(1);
    request.mutable_terms()->add_party_body_ids("kh:cuf");
    request.mutable_terms()->add_party_body_ids("my:mtuc");
    request.mutable_terms()->mutable_in_force()->set_from("2026-01-01");
    request.mutable_terms()->add_groups_allowed(intake::v1::FIELD_GROUP_IDENTITY);
    return request;
  }

  v1::PutBodyRequest Jtksm() {
    v1::PutBodyRequest request;
    request.set_request_id(world.RequestId());
    v1::Body* body = request.mutable_body();
    body->set_body_id("my:jtksm");
    body->set_kind("LABOUR_OFFICE");
    body->add_names()->set_language("en");
    body->mutable_names(0)->set_name("Department of Labour");
    body->set_country("MY");
    body->add_languages("ms");
    return request;
  }

  v1::PutPostingRequest KualaLumpur() {
    v1::PutPostingRequest request;
    request.set_request_id(world.RequestId());
    v1::Posting* posting = request.mutable_posting();
    posting->set_posting_id("my:pp-2026");
    posting->set_person_id("nurul");
    posting->set_sending_country("MY");
    posting->set_host_country("KH");
    posting->set_from("2026-01-01");
    posting->set_mission_body_id("my:embassy-pp");
    return request;
  }
};

TEST_F(DirectoryVerbsTest, GoodEntriesArePutAndReachThePeer) {
  auto body = world.Run(world.my->directory.PutBody(world.my_admin, Jtksm()));
  ASSERT_TRUE(body.ok()) << body.status();
  auto agreement = world.Run(world.my->directory.PutAgreement(world.my_admin, CufMtuc()));
  ASSERT_TRUE(agreement.ok()) << agreement.status();
  EXPECT_EQ(agreement->change().warnings(0).code(), "OTHER_HALF_MISSING");
  auto posting = world.Run(world.my->directory.PutPosting(world.my_admin, KualaLumpur()));
  ASSERT_TRUE(posting.ok()) << posting.status();
  world.Settle();
  v1::GetBodyRequest get_body;
  get_body.set_body_id("my:jtksm");
  EXPECT_TRUE(world.Run(world.kh->directory.GetBody(world.ministry, get_body)).ok());
  v1::GetAgreementRequest get_agreement;
  get_agreement.set_agreement_id("kh-my:cuf-mtuc");
  EXPECT_TRUE(world.Run(world.kh->directory.GetAgreement(world.ministry, get_agreement)).ok());
  v1::GetPostingRequest get_posting;
  get_posting.set_posting_id("my:pp-2026");
  EXPECT_TRUE(world.Run(world.kh->directory.GetPosting(world.ministry, get_posting)).ok());
}

TEST_F(DirectoryVerbsTest, EveryWrongFieldOfAnAgreementIsNamedInOneAnswer) {
  v1::PutAgreementRequest request;
  request.set_request_id("short");
  request.set_agreement_id("my-kh:Cuf");
  request.set_party_body_id("MTUC");
  v1::AgreementTerms* terms = request.mutable_terms();
  terms->add_party_body_ids("kh:cuf");
  terms->add_party_body_ids("my mtuc");
  terms->mutable_in_force()->set_from("2026-13-01");
  terms->mutable_in_force()->set_to("2027");
  terms->add_categories("RAIN");
  terms->add_sectors("MAGIC");
  terms->add_nationalities("XX");
  terms->mutable_clocks()->mutable_proposal()->set_seconds(-1);
  terms->mutable_clocks()->mutable_give_up()->set_seconds(INT64_MAX);
  terms->mutable_clocks()->mutable_calendar()->set_time_zone("../zone");
  terms->add_groups_allowed(intake::v1::FIELD_GROUP_IDENTITY);
  terms->add_groups_allowed(static_cast<intake::v1::FieldGroup>(77));
  v1::ProxyMission* proxy = terms->add_proxy_missions();
  proxy->set_acting_country("PH");
  proxy->set_nationality("PH");
  proxy->set_host_country("MY");
  terms->set_title(std::string(501, 't'));
  auto answer = world.Run(world.my->directory.PutAgreement(world.my_admin, request));
  EXPECT_THAT(FieldsOf(answer),
              UnorderedElementsAre("request_id", "terms.party_body_ids[1]", "terms.in_force.from",
                                   "terms.in_force.to", "terms.groups_allowed[1]", "party_body_id",
                                   "version", "agreement_id", "terms.categories[0]",
                                   "terms.sectors[0]", "terms.nationalities[0]",
                                   "terms.clocks.proposal", "terms.clocks.give_up",
                                   "terms.clocks.calendar.time_zone", "terms.clocks.calendar.name",
                                   "terms.proxy_missions[0].acting_country", "terms.title"));
}

TEST_F(DirectoryVerbsTest, AnEmptyAgreementIsToldAllThatItNeeds) {
  auto answer = world.Run(world.my->directory.PutAgreement(world.my_admin, {}));
  EXPECT_THAT(FieldsOf(answer),
              UnorderedElementsAre("request_id", "party_body_id", "version", "terms.party_body_ids",
                                   "agreement_id", "terms.in_force.from", "terms.groups_allowed"));
}

TEST_F(DirectoryVerbsTest, TheSpeakerOfAHalfIsOneOfItsParties) {
  v1::PutAgreementRequest request = CufMtuc();
  request.set_party_body_id("my:tenaganita");
  EXPECT_THAT(FieldsOf(world.Run(world.my->directory.PutAgreement(world.my_admin, request))),
              ElementsAre("party_body_id"));
}

TEST_F(DirectoryVerbsTest, EveryWrongFieldOfABodyIsNamedInOneAnswer) {
  v1::PutBodyRequest request = Jtksm();
  request.set_request_id("");
  v1::Body* body = request.mutable_body();
  body->set_body_id("my:JTKSM");
  body->set_kind("CLUB");
  body->set_country("Malaysia");
  v1::FocalPoint* point = body->add_focal_points();
  point->set_from("yesterday");
  point->set_person_id("Nurul Aisyah");
  body->set_assured_on("2026-02-30");
  body->set_assured_by_body_id("me");
  EXPECT_THAT(
      FieldsOf(world.Run(world.my->directory.PutBody(world.my_admin, request))),
      UnorderedElementsAre("request_id", "body.body_id", "body.kind", "body.country",
                           "body.focal_points[0].focal_point_id", "body.focal_points[0].name",
                           "body.focal_points[0].from", "body.focal_points[0].person_id",
                           "body.assured_on", "body.assured_by_body_id"));
}

TEST_F(DirectoryVerbsTest, ABodyIsNotAssuredOnADayToCome) {
  v1::PutBodyRequest request = Jtksm();
  request.mutable_body()->set_assured_on(AddDays(DateOf(world.clock.Now()), 2).ToString());
  EXPECT_THAT(FieldsOf(world.Run(world.my->directory.PutBody(world.my_admin, request))),
              ElementsAre("body.assured_on"));
}

TEST_F(DirectoryVerbsTest, EveryWrongFieldOfAPostingIsNamedInOneAnswer) {
  v1::PutPostingRequest request;
  request.set_request_id("one two three four");
  v1::Posting* posting = request.mutable_posting();
  posting->set_posting_id("kl-2026");
  posting->set_person_id("Nurul Aisyah");
  posting->set_sending_country("MY");
  posting->set_host_country("MY");
  posting->set_to("2026");
  posting->set_mission_body_id("embassy");
  EXPECT_THAT(FieldsOf(world.Run(world.my->directory.PutPosting(world.my_admin, request))),
              UnorderedElementsAre("request_id", "posting.posting_id", "posting.person_id",
                                   "posting.host_country", "posting.from", "posting.to",
                                   "posting.mission_body_id"));
}

TEST_F(DirectoryVerbsTest, AFilterThatNothingCanHaveIsNoEmptyList) {
  v1::ListBodiesRequest bodies;
  bodies.set_node_id("MY");
  bodies.set_country("my");
  bodies.set_kind("CLUB");
  bodies.set_category("RAIN");
  bodies.set_sector("MAGIC");
  bodies.set_page_size(201);
  EXPECT_THAT(FieldsOf(world.Run(world.kh->directory.ListBodies(world.ministry, bodies))),
              ElementsAre("node_id", "country", "kind", "category", "sector", "page_size"));
  v1::ListAgreementsRequest agreements;
  agreements.set_party_body_id("mtuc");
  agreements.set_node_id("malaysia");
  agreements.set_page_size(-1);
  EXPECT_THAT(FieldsOf(world.Run(world.kh->directory.ListAgreements(world.ministry, agreements))),
              ElementsAre("party_body_id", "node_id", "page_size"));
  v1::ListPostingsRequest postings;
  postings.set_sending_country("XX");
  postings.set_host_country("Malaysia");
  postings.set_page_size(1'000);
  EXPECT_THAT(FieldsOf(world.Run(world.kh->directory.ListPostings(world.ministry, postings))),
              ElementsAre("sending_country", "host_country", "page_size"));
}

TEST_F(DirectoryVerbsTest, AnIllFormedIdIsWrongAndAnUnknownOneNotFound) {
  v1::GetBodyRequest body;
  body.set_body_id("mtuc");
  EXPECT_THAT(FieldsOf(world.Run(world.kh->directory.GetBody(world.ministry, body))),
              ElementsAre("body_id"));
  body.set_body_id("my:nobody");
  EXPECT_TRUE(
      absl::IsNotFound(world.Run(world.kh->directory.GetBody(world.ministry, body)).status()));
  v1::GetAgreementRequest agreement;
  agreement.set_agreement_id("cuf-mtuc");
  EXPECT_THAT(FieldsOf(world.Run(world.kh->directory.GetAgreement(world.ministry, agreement))),
              ElementsAre("agreement_id"));
  agreement.set_agreement_id("kh-my:none");
  EXPECT_TRUE(absl::IsNotFound(
      world.Run(world.kh->directory.GetAgreement(world.ministry, agreement)).status()));
  v1::GetPostingRequest posting;
  posting.set_posting_id("kl-2026");
  EXPECT_THAT(FieldsOf(world.Run(world.kh->directory.GetPosting(world.ministry, posting))),
              ElementsAre("posting_id"));
  posting.set_posting_id("kh:none");
  EXPECT_TRUE(absl::IsNotFound(
      world.Run(world.kh->directory.GetPosting(world.ministry, posting)).status()));
}

TEST_F(DirectoryVerbsTest, AListIsPagedByIdUnderItsFilter) {
  v1::ListBodiesRequest request;
  request.set_country("MY");
  request.set_page_size(1);
  auto first = world.Run(world.kh->directory.ListBodies(world.ministry, request));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->bodies(0).body_id(), "my:mtuc");
  request.set_page_token(first->next_page_token());
  request.set_page_size(0);
  auto rest = world.Run(world.kh->directory.ListBodies(world.ministry, request));
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->bodies(0).body_id(), "my:tenaganita");
  EXPECT_THAT(rest->next_page_token(), IsEmpty());
  request.set_country("KH");
  EXPECT_EQ(ReasonOf(world.Run(world.kh->directory.ListBodies(world.ministry, request)).status()),
            "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace redress::referral
