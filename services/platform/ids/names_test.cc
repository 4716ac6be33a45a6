#include "services/platform/ids/names.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"

namespace redress {
namespace {

TEST(NamesTest, ANodeIsTwoLowerCaseLetters) {
  EXPECT_TRUE(NodeId::Parse("kh", "node").ok());
  for (const char* text : {"", "k", "KH", "khm", "k1"}) {
    EXPECT_FALSE(NodeId::Parse(text, "node").ok()) << text;
  }
}

TEST(NamesTest, ABodyBelongsToItsNode) {
  const auto body = BodyId::Parse("my:mtuc", "body");
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(NodeOf(*body).ToString(), "my");
  for (const char* text : {"", "mtuc", "my:", "my:-a", "my:a-", "my:A", "MY:mtuc", "my:a b"}) {
    EXPECT_FALSE(BodyId::Parse(text, "body").ok()) << text;
  }
}

TEST(NamesTest, ARequestIdIsLongEnoughToBeUnique) {
  EXPECT_TRUE(RequestId::Parse("0f8fad5b-d9cb-469f-a165-70867728950e", "request_id").ok());
  EXPECT_FALSE(RequestId::Parse("short", "request_id").ok());
  EXPECT_FALSE(RequestId::Parse(std::string(65, 'a'), "request_id").ok());
}

TEST(NamesTest, ARefusalNamesTheField) {
  const auto violations = GetFieldViolations(PersonId::Parse("Sok Dara", "person").status());
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "person");
}

TEST(NamesTest, RandomIdsAreWellFormedAndDifferent) {
  SeededRandom random(7);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const RandomId id = NewRandomId(random);
    EXPECT_TRUE(RandomId::Parse(id.ToString(), "id").ok()) << id.ToString();
    EXPECT_TRUE(seen.insert(id.ToString()).second);
  }
}

}  // namespace
}  // namespace redress
