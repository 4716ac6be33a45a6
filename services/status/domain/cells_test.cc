#include "services/status/domain/cells.h"

#include <algorithm>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/status/domain/testing/sample_events.h"

namespace redress::status {
namespace {

using testing::CaseStory;
using ::testing::SizeIs;

class CellsOfOneCaseTest : public ::testing::Test {
 protected:
  CellsOfOneCaseTest() {
    CaseStory story;
    story.Filed(0, 1);
    view_.dimensions = story.dimensions();
    view_.dimensions.agency_keys = {"licence:1"};
    view_.workers = 1;
    cells_ = CellsOf(home_, view_);
  }
  // The cells of one dimension alone, or of a pair.
  size_t CellsWith(Dimension row, Dimension column) const {
    size_t count = 0;
    for (const auto& [key, cell] : cells_) count += key.row == row && key.column == column ? 1 : 0;
    return count;
  }

  const Scope home_{ScopeKind::kHome, ""};
  CaseView view_;
  std::map<CellKey, Cell> cells_;
};

TEST_F(CellsOfOneCaseTest, ADimensionAloneIsKeptOrAddedUpFromAPairThatIsKept) {
  for (uint8_t i = 1; i <= kLastDimension; ++i) {
    const auto alone = static_cast<Dimension>(i);
    const Dimension with = AddedUpWith(alone);
    if (with == Dimension::kNone) {
      EXPECT_EQ(CellsWith(alone, Dimension::kNone), 1u) << int{i};
    } else {
      EXPECT_EQ(CellsWith(alone, Dimension::kNone), 0u) << int{i};
      EXPECT_EQ(CellsWith(std::min(alone, with), std::max(alone, with)), 1u) << int{i};
    }
  }
}

// Each is a row that the case writes for each who may count it.
TEST_F(CellsOfOneCaseTest, TheCellsOfACaseAreFortyFive) { EXPECT_THAT(cells_, SizeIs(45)); }

}  // namespace
}  // namespace redress::status
