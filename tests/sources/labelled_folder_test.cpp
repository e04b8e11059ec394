#include "mien/sources/labelled_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "support/temporary_folder.hpp"

namespace mien::sources {
namespace {

using ::testing::ElementsAre;

TEST(LabelledFolder, GivesEachClassItsFilesInOrder) {
  const testing::TemporaryFolder folder;
  folder.write("sad/2.png", "");
  folder.write("sad/10.png", "");
  folder.write("happy/a.jpg", "");
  folder.write("happy/.hidden", "");
  folder.write("happy/nested/b.jpg", "");
  folder.write(".git/c.jpg", "");
  folder.write("README", "");
  const auto classes = scan_labelled_folder(folder.path());
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes[0].name, "happy");
  EXPECT_THAT(classes[0].files, ElementsAre(folder / "happy/a.jpg"));
  EXPECT_EQ(classes[1].name, "sad");
  EXPECT_THAT(classes[1].files, ElementsAre(folder / "sad/10.png", folder / "sad/2.png"));
}

TEST(LabelledFolder, IsAnErrorWithoutClassesOrWithoutAFolder) {
  const testing::TemporaryFolder folder;
  EXPECT_THROW(scan_labelled_folder(folder.path()), base::Error);
  EXPECT_THROW(scan_labelled_folder(folder / "none"), base::Error);
  EXPECT_THROW(scan_labelled_folder(folder.write("file", "x")), base::Error);
}

}  // namespace
}  // namespace mien::sources
