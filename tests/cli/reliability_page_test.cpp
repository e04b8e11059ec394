// docs/reliability.md names a test for each promise; a test that is renamed must not leave a
// promise without one. And no document may lead to a file that is not there.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mien::cli {
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

TEST(Documents, EveryLinkToAFileLeadsToOne) {
  const fs::path root = MIEN_SOURCE_DIR;
  std::vector<fs::path> pages = {root / "README.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  const std::regex link(R"(\]\(([^)#:\s]+)(#[^)]*)?\))");  // no address, no place in the page
  int links = 0;
  for (const auto& page : pages) {
    const auto text = contents(page);
    for (std::sregex_iterator found(text.begin(), text.end(), link), end; found != end;
         ++found) {
      EXPECT_TRUE(fs::exists(page.parent_path() / (*found)[1].str()))
          << page << " leads to " << (*found)[1];
      ++links;
    }
  }
  EXPECT_GT(links, 60);
}

}  // namespace
}  // namespace mien::cli
