// docs/reliability.md names a test for each promise; a test that is renamed must not leave a
// promise without one.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include <gtest/gtest.h>

namespace mien {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ReliabilityPage, EveryRowNamesATestThatIsThere) {
  const fs::path docs = fs::path(MIEN_SOURCE_DIR) / "docs";
  const auto page = contents(docs / "reliability.md");
  const std::regex link(R"(\[(\w+)\.(\w+)\]\(([^)]+)\) \|)");
  int rows = 0;
  for (std::sregex_iterator found(page.begin(), page.end(), link), end; found != end; ++found) {
    const auto file = docs / (*found)[3].str();
    ASSERT_TRUE(fs::is_regular_file(file)) << file;
    const std::regex test("TEST(_F|_P)?\\(\\s*" + (*found)[1].str() + ",\\s*" +
                          (*found)[2].str() + "\\)");
    EXPECT_TRUE(std::regex_search(contents(file), test)) << (*found)[0].str();
    ++rows;
  }
  EXPECT_GE(rows, 60);
}

}  // namespace
}  // namespace mien
