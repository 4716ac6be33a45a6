#include "tools/redress/nearest.h"

#include "gtest/gtest.h"

namespace redress::cli {
namespace {

const std::vector<std::string> kWords = {"complaint", "consent", "referral",
                                         "status",    "answer",  "answer-proposal"};

TEST(NearestTest, AMistypedWordFindsTheOneThatWasMeant) {
  EXPECT_EQ(Nearest("complant", kWords), "complaint");
  EXPECT_EQ(Nearest("stauts", kWords), "status");
  EXPECT_EQ(Nearest("REFERAL", kWords), "referral");
  EXPECT_EQ(Nearest("answer_proposal", kWords), "answer-proposal");
}

TEST(NearestTest, ABeginningFindsTheOnlyWordThatHasIt) {
  EXPECT_EQ(Nearest("comp", kWords), "complaint");
  EXPECT_EQ(Nearest("ans", kWords), "");
}

TEST(NearestTest, NothingNearIsNothing) {
  EXPECT_EQ(Nearest("frobnicate", kWords), "");
  EXPECT_EQ(Nearest("", kWords), "");
}

}  // namespace
}  // namespace redress::cli
