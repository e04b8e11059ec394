#include "face_slots.hpp"

#include <gmock/gmock.h>

#include "frames.hpp"

namespace mien::outputs {
namespace {

using ::testing::ElementsAre;

/// The people in the four places; 0: nobody.
std::vector<int> placed(FaceSlots& slots, std::initializer_list<int> people) {
  std::vector<base::FaceReading> readings;
  for (const int person : people) readings.push_back(testing::smiling_person(person));
  std::vector<int> result;
  for (const auto* reading : slots.place(readings)) {
    result.push_back(reading == nullptr ? 0 : reading->person);
  }
  return result;
}

TEST(FaceSlots, PeopleKeepTheirPlacesWhateverTheOrder) {
  FaceSlots slots;
  EXPECT_THAT(placed(slots, {2, 1}), ElementsAre(1, 2, 0, 0)) << "who came first is first";
  EXPECT_THAT(placed(slots, {2}), ElementsAre(0, 2, 0, 0));
  EXPECT_THAT(placed(slots, {3, 2, 1}), ElementsAre(1, 2, 3, 0));
}

TEST(FaceSlots, AFifthPersonHasToWait) {
  FaceSlots slots;
  EXPECT_THAT(placed(slots, {5, 4, 3, 2, 1}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(placed(slots, {5, 4, 2, 1}), ElementsAre(1, 2, 5, 4));
}

TEST(FaceSlots, WhoHasBeenAwayLongestLosesTheirPlace) {
  FaceSlots slots;
  placed(slots, {1, 2, 3, 4});
  placed(slots, {1, 3, 4});
  placed(slots, {1, 3});
  EXPECT_THAT(placed(slots, {1, 3, 5}), ElementsAre(1, 5, 3, 0)) << "2 went before 4";
  EXPECT_THAT(placed(slots, {4, 2}), ElementsAre(2, 0, 0, 4)) << "1 and 3 have just gone";
}

}  // namespace
}  // namespace mien::outputs
