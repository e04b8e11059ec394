#include "mien/base/numbers.hpp"

#include <clocale>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace mien::base {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Numbers, DecimalIsForPeople) {
  EXPECT_EQ(decimal(3.14159, 2), "3.14");
  EXPECT_EQ(decimal(2.5, 0), "2");
  EXPECT_EQ(decimal(-1.25, 1), "-1.2");
  EXPECT_EQ(decimal(-0.004, 2), "0.00");
  EXPECT_EQ(decimal(-0.0, 0), "0");
  EXPECT_EQ(decimal(kNan, 2), "?");
  EXPECT_EQ(decimal(-kInfinity, 2), "?");
  EXPECT_EQ(decimal(std::numeric_limits<double>::max(), 0).size(), 309U);
}

TEST(Numbers, SignedDecimalHasATrueMinus) {
  EXPECT_EQ(signed_decimal(0.416, 2), "+0.42");
  EXPECT_EQ(signed_decimal(-0.104, 2), "\u22120.10");
  EXPECT_EQ(signed_decimal(-0.001, 2), "0.00");
  EXPECT_EQ(signed_decimal(0.001, 2), "0.00");
  EXPECT_EQ(signed_decimal(kNan, 2), "?");
}

TEST(Numbers, FilesKeepTheSignAndLeaveOutWhatIsNoNumber) {
  EXPECT_EQ(decimal_or_empty(3.14159, 2), "3.14");
  EXPECT_EQ(decimal_or_empty(-0.004, 2), "-0.00");
  EXPECT_EQ(decimal_or_empty(1.5, 3), "1.500");
  EXPECT_EQ(decimal_or_empty(12345678.9, 1), "12345678.9");
  EXPECT_EQ(decimal_or_empty(1e300, 0).size(), 301U);
  EXPECT_EQ(decimal_or_empty(kNan, 2), "");
  EXPECT_EQ(decimal_or_empty(kInfinity, 2), "");
}

TEST(Numbers, HaveAPointInEveryLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"}) {
    if (std::setlocale(LC_ALL, name) == nullptr) continue;
    EXPECT_EQ(decimal(0.5, 1), "0.5") << name;
    double value = 0;
    EXPECT_TRUE(parse_number("0.5", value)) << name;
    EXPECT_EQ(value, 0.5) << name;
  }
  std::setlocale(LC_ALL, before.c_str());
}

TEST(Numbers, RoundedDropsTheNoiseOfAFloat) {
  EXPECT_EQ(rounded(static_cast<double>(0.1F), 4), 0.1);
  EXPECT_EQ(rounded(2.345678, 2), 2.35);
  EXPECT_EQ(rounded(-7.5, 0), -8);
  EXPECT_TRUE(std::isnan(rounded(kNan, 3)));
}

TEST(Numbers, MinutesAndSeconds) {
  EXPECT_EQ(minutes_and_seconds(0), "0 s");
  EXPECT_EQ(minutes_and_seconds(59.4), "59 s");
  EXPECT_EQ(minutes_and_seconds(59.5), "1 min 0 s");
  EXPECT_EQ(minutes_and_seconds(725), "12 min 5 s");
}

TEST(Numbers, ParsesAWholeTextOnly) {
  int whole = 7;
  EXPECT_TRUE(parse_number("-12", whole));
  EXPECT_EQ(whole, -12);
  double real = 0;
  EXPECT_TRUE(parse_number("1.5e3", real));
  EXPECT_EQ(real, 1500);
  for (const char* wrong : {"", " 1", "1 ", "1x", "x", "99999999999", "1.5"}) {
    EXPECT_FALSE(parse_number(wrong, whole)) << wrong;
  }
}

}  // namespace
}  // namespace mien::base
