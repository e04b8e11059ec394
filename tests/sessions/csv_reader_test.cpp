#include "mien/sessions/csv_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/numbers.hpp"

#include "support/temporary_folder.hpp"

namespace mien::sessions {
namespace {

using ::testing::ElementsAre;
using Row = std::vector<std::string>;

std::vector<Row> read_all(std::string_view text, char separator = ',') {
  CsvReader reader(text, separator);
  std::vector<std::string_view> cells;
  std::vector<Row> rows;
  while (reader.next(cells)) rows.emplace_back(cells.begin(), cells.end());
  return rows;
}

TEST(CsvReader, ReadsPlainAndQuotedCells) {
  EXPECT_THAT(read_all("a,b\r\n1,\"x, y\"\r\n"), ElementsAre(Row{"a", "b"}, Row{"1", "x, y"}));
  EXPECT_THAT(read_all("\"say \"\"cheese\"\"\",\"two\nlines\",\r\n"),
              ElementsAre(Row{"say \"cheese\"", "two\nlines", ""}));
  EXPECT_THAT(read_all("\"\"\"\",\"\"\n"), ElementsAre(Row{"\"", ""}));
  EXPECT_THAT(read_all("a\tb\n", '\t'), ElementsAre(Row{"a", "b"}));
}

TEST(CsvReader, ManyCellsWithQuotesInOneRowStayThemselves) {
  std::string text;
  Row expected;
  for (int i = 0; i < 600; ++i) {
    text += (i > 0 ? ",\"\"\"" : "\"\"\"") + std::to_string(i) + '"';
    expected.push_back('"' + std::to_string(i));
  }
  EXPECT_THAT(read_all(text + '\n'), ElementsAre(expected));
}

TEST(CsvReader, TakesLinesAsTheyCome) {
  EXPECT_THAT(read_all("\xEF\xBB\xBF"
                       "a,b\n\n\r\n1,2"),
              ElementsAre(Row{"a", "b"}, Row{"1", "2"}));
  EXPECT_THAT(read_all(""), ElementsAre());
  EXPECT_THAT(read_all("\r\n\r\n"), ElementsAre());
}

TEST(CsvReader, KnowsLinesAndWhetherARowWasCutShort) {
  CsvReader reader("a\n\"b\nc\"\nd");
  std::vector<std::string_view> cells;
  ASSERT_TRUE(reader.next(cells));
  EXPECT_EQ(reader.line(), 1U);
  EXPECT_TRUE(reader.complete());
  ASSERT_TRUE(reader.next(cells));
  EXPECT_EQ(reader.line(), 2U);
  ASSERT_TRUE(reader.next(cells));
  EXPECT_EQ(reader.line(), 4U);
  EXPECT_FALSE(reader.complete());
  EXPECT_FALSE(reader.next(cells));
}

TEST(CsvReader, AnOpenQuoteEndsWithTheText) {
  CsvReader reader("a,\"never closed\n1,2\n");
  std::vector<std::string_view> cells;
  ASSERT_TRUE(reader.next(cells));
  EXPECT_EQ(cells.size(), 2U);
  EXPECT_FALSE(reader.complete());
  EXPECT_FALSE(reader.next(cells));
}

TEST(CsvReader, NumbersAreWholeCells) {
  double value = 7;
  EXPECT_TRUE(base::parse_number("-1.5", value));
  EXPECT_EQ(value, -1.5);
  EXPECT_FALSE(base::parse_number("", value));
  EXPECT_FALSE(base::parse_number("1.5x", value));
  EXPECT_FALSE(base::parse_number(" 1", value));
  int whole = 0;
  EXPECT_FALSE(base::parse_number("1.5", whole));
  EXPECT_FALSE(base::parse_number("99999999999", whole));
}

TEST(CsvFile, ReadsAcrossItsBlocksWhatTheReaderReadsInOne) {
  const testing::TemporaryFolder folder;
  std::string text = "frame,text\r\n";
  for (int i = 0; i < 40'000; ++i) {
    text += std::to_string(i) + ",\"two\nlines, \"\"quoted\"\" " + std::string(i % 50, 'x') +
            "\"\r\n";
  }
  text += "last,cut sh";
  const auto file = folder.write("table.csv", text);
  CsvReader whole(text);
  CsvFile table(file);
  std::vector<std::string_view> wanted;
  std::vector<std::string_view> found;
  while (whole.next(wanted)) {
    ASSERT_TRUE(table.next(found));
    ASSERT_EQ(found, wanted);
    ASSERT_EQ(table.line(), whole.line());
    ASSERT_EQ(table.end(), whole.position());
    ASSERT_EQ(table.complete(), whole.complete());
  }
  EXPECT_TRUE(table.at_end());
  EXPECT_FALSE(table.next(found));
}

}  // namespace
}  // namespace mien::sessions
