#include "mien/analysis/system_report.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/utf8.hpp"

namespace mien::analysis {
namespace {

using ::testing::HasSubstr;

SystemReport report_of(std::vector<SystemRow> rows) { return {{{"Things", std::move(rows)}}}; }

TEST(SystemReport, IsAlignedAndMarksWhatDoesNotWork) {
  const auto report = report_of({{"One", "good"},
                                 {"  part", "slow", Finding::doubtful, "Wait a moment."},
                                 {"Two", "gone", Finding::broken, "Fetch another one."}});
  EXPECT_EQ(text(report),
            "System check of mien (! broken, ? doubtful)\n"
            "\n"
            "Things\n"
            "  One             good\n"
            "?   part          slow\n"
            "                  Wait a moment.\n"
            "! Two             gone\n"
            "                  Fetch another one.\n"
            "\n"
            "1 thing is broken, 1 thing is doubtful.\n");
}

TEST(SystemReport, LongValuesAreBrokenAtSpacesAndWordsStayWhole) {
  std::string words;
  for (int i = 0; i < 60; ++i) words += (i == 0 ? "" : " ") + std::string("wörd");
  const std::string path(100, 'x');
  const auto all =
      text(report_of({{"One", words}, {"A name that is too long", "here"}, {"", path}}));
  std::istringstream lines(all);
  int wide = 0;
  for (std::string line; std::getline(lines, line);) {
    wide += base::utf8_count(line) > 80 ? 1 : 0;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
  EXPECT_EQ(wide, 1) << "the path alone";
  EXPECT_THAT(all, HasSubstr("\n                  wörd wörd"));
  EXPECT_THAT(all, HasSubstr("A name that is too long here\n"));
  EXPECT_THAT(all, HasSubstr(path));
}

TEST(SystemReport, TheVerdictCounts) {
  const SystemRow good{"a", "b"};
  const SystemRow doubtful{"a", "b", Finding::doubtful};
  const SystemRow broken{"a", "b", Finding::broken};
  EXPECT_EQ(verdict(report_of({good})), "Everything works.");
  EXPECT_EQ(verdict(report_of({good, doubtful})), "1 thing is doubtful; the rest works.");
  EXPECT_EQ(verdict(report_of({broken, good, broken})), "2 things are broken.");
  EXPECT_EQ(report_of({broken, good, broken}).count(Finding::broken), 2);
}

}  // namespace
}  // namespace mien::analysis
