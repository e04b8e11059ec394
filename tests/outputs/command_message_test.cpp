#include "command_message.hpp"

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

const Clock::time_point kNow = Clock::time_point{} + 5000s;

std::string with_time(const std::string& at) {
  return R"({"mien": 1, "command": "marker", "text": "a", "at": )" + at + "}";
}

std::string problem_of(const std::string& message) {
  try {
    parse_command(message, kNow);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "it was taken";
}

TEST(CommandMessage, ComesBackAsItWasGiven) {
  for (const auto kind :
       {Command::Kind::marker, Command::Kind::record_start, Command::Kind::record_stop}) {
    Command given;
    given.kind = kind;
    given.text = "stimulus \"3\" \xC3\xBC";
    given.at = kNow - 1234567ns;
    const auto read = parse_command(command_message(given), kNow);
    EXPECT_EQ(read.kind, kind);
    EXPECT_EQ(read.at, given.at);
    EXPECT_EQ(read.text, kind == Command::Kind::marker ? given.text : "");
  }
}

TEST(CommandMessage, TheTimeIsChecked) {
  EXPECT_EQ(parse_command(with_time("5000000000000"), kNow).at, kNow);
  EXPECT_EQ(parse_command(with_time("4940000000000"), kNow).at, kNow - 60s);
  EXPECT_THAT(problem_of(with_time("4939999999999")), HasSubstr("more than a minute old"));
  EXPECT_THAT(problem_of(with_time("0")), HasSubstr("more than a minute old"));
  EXPECT_THAT(problem_of(with_time("-9223372036854775808")), HasSubstr("minute old"));
  EXPECT_THAT(problem_of(with_time("5000000000001")), HasSubstr("has not come yet"));
  EXPECT_THAT(problem_of(with_time("9223372036854775807")), HasSubstr("has not come yet"));
  EXPECT_THAT(problem_of(with_time("18446744073709551615")), HasSubstr("has not come yet"));
  EXPECT_THAT(problem_of(with_time("5e12")), HasSubstr("has no time"));
  EXPECT_THAT(problem_of(with_time("\"now\"")), HasSubstr("has no time"));
  EXPECT_THAT(problem_of(R"({"mien": 1, "command": "marker"})"), HasSubstr("has no time"));
}

TEST(CommandMessage, WhatMakesNoSenseIsASentence) {
  EXPECT_THAT(problem_of(""), HasSubstr("no JSON"));
  EXPECT_THAT(problem_of("GET / HTTP/1.1"), HasSubstr("no JSON"));
  EXPECT_THAT(problem_of("[1]"), HasSubstr("no object"));
  EXPECT_THAT(problem_of(std::string(2000, '[')), HasSubstr("cannot be read"));
  EXPECT_THAT(problem_of("{}"), HasSubstr("version 1"));
  EXPECT_THAT(problem_of(R"({"mien": 2, "command": "marker", "at": 5000000000000})"),
              HasSubstr("version 1"));
  EXPECT_THAT(problem_of(R"({"mien": 1, "command": "neutral", "at": 5000000000000})"),
              HasSubstr("\"neutral\" is not known"));
  EXPECT_THAT(problem_of(R"({"mien": 1, "command": 7, "at": 5000000000000})"),
              HasSubstr("is not known"));
  EXPECT_THAT(problem_of(with_time("5000000000000") + std::string(kLongestMessage, ' ')),
              HasSubstr("too long"));
}

TEST(CommandMessage, ATextIsCleaned) {
  const auto read = parse_command(
      R"({"mien": 1, "command": "marker", "text": "a\nb\u0007c", "at": 5000000000000})", kNow);
  EXPECT_EQ(read.text, "a b c");
  const auto other = parse_command(
      R"({"mien": 1, "command": "marker", "text": 12, "at": 5000000000000})", kNow);
  EXPECT_EQ(other.text, "") << "a marker without a text";
  Command broken;
  broken.text = "\xFF!";
  broken.at = kNow;
  EXPECT_EQ(parse_command(command_message(broken), kNow).text, "\xEF\xBF\xBD!");
}

TEST(CommandMessage, ATextHasABound) {
  Command command;
  command.at = kNow;
  command.text = std::string(kLongestMarker, '\x01');  // six characters each in JSON
  EXPECT_EQ(parse_command(command_message(command), kNow).text.size(), kLongestMarker);
  command.text += 'x';
  EXPECT_THROW(command_message(command), base::Error);
  EXPECT_THAT(problem_of(R"({"mien": 1, "command": "marker", "at": 5000000000000, "text": ")" +
                         std::string(kLongestMarker + 1, 'x') + "\"}"),
              HasSubstr("200 bytes"));
}

TEST(CommandMessage, AnAnswerSaysWhyNot) {
  EXPECT_EQ(problem_in_answer(command_answer("")), "");
  EXPECT_EQ(problem_in_answer(command_answer("Not \"now\".")), "Not \"now\".");
  EXPECT_NE(problem_in_answer("{}"), "");
  EXPECT_THROW(problem_in_answer("yes"), base::Error);
}

}  // namespace
}  // namespace mien::outputs
