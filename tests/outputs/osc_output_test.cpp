#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <lo/lo_lowlevel.h>
#include <memory>
#include <sstream>
#include <type_traits>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"

#include "frames.hpp"
#include "osc_messages.hpp"
#include "protocols.hpp"
#include "support/datagram_receiver.hpp"
#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using testing::DatagramReceiver;
using ::testing::ElementsAre;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::measured;
using ::testing::Not;
using testing::people_frame;
using testing::smiling_person;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

/// A message in words, as liblo reads it: "/mien/frame 41 2500 1".
std::string in_words(std::string_view bytes) {
  std::string copy(bytes);
  int error = 0;
  const std::unique_ptr<std::remove_pointer_t<lo_message>, decltype(&lo_message_free)> message(
      lo_message_deserialise(copy.data(), copy.size(), &error), lo_message_free);
  if (!message) return "no message: " + std::to_string(error);
  std::ostringstream text;
  text << copy.c_str();  // it begins with its address
  const std::string_view types = lo_message_get_types(message.get());
  lo_arg** const values = lo_message_get_argv(message.get());
  for (std::size_t i = 0; i < types.size(); ++i) {
    text << ' ';
    // Values are not aligned in a message as a lo_arg would have to be.
    const auto* bytes_of = reinterpret_cast<const char*>(values[i]);
    float real = 0;
    std::int32_t whole = 0;
    if (types[i] == LO_FLOAT) {
      std::memcpy(&real, bytes_of, sizeof real);
      text << real;
    }
    if (types[i] == LO_INT32) {
      std::memcpy(&whole, bytes_of, sizeof whole);
      text << whole;
    }
    if (types[i] == LO_STRING) text << '"' << bytes_of << '"';
  }
  return text.str();
}

struct Bundle {
  std::uint64_t time = 0;
  std::vector<std::string> messages;
};

Bundle read_bundle(std::string_view bytes) {
  Bundle bundle;
  EXPECT_EQ(bytes.substr(0, 8), std::string_view("#bundle\0", 8));
  bundle.time = big_endian(bytes.substr(8, 8));
  bytes.remove_prefix(16);
  while (bytes.size() >= 4) {
    const auto size = big_endian(bytes.substr(0, 4));
    EXPECT_LE(size + 4, bytes.size());
    bundle.messages.push_back(in_words(bytes.substr(4, size)));
    bytes.remove_prefix(size + 4);
  }
  EXPECT_TRUE(bytes.empty());
  return bundle;
}

std::vector<std::string> words_of(const std::vector<OscGroup>& groups) {
  std::vector<std::string> all;
  for (const auto& group : groups) {
    for (const auto& message : group) all.push_back(in_words(message));
  }
  return all;
}

/// All movements at `rest` but one.
std::vector<float> one_movement(std::string_view id, float value, float rest = 0) {
  std::vector<float> values(base::movements().size(), rest);
  values.at(base::movement_index(id).value()) = value;
  return values;
}

TEST(OscMessages, AFrameAndAPersonAreWhatThePageSays) {
  const auto frame = people_frame({smiling_person(3, 10)});
  EXPECT_THAT(
      words_of(osc_groups(frame, {{3, "Ann"}})),
      ElementsAre("/mien/frame 41 2500 1", "/mien/people 3", "/mien/person/3/name \"Ann\"",
                  "/mien/person/3/label/neutral 0.25", "/mien/person/3/label/happiness 0.75",
                  "/mien/person/3/verdict \"happiness\" 0.75 \"\"",
                  "/mien/person/3/valence 0.5", "/mien/person/3/box 10 20 100 120 640 480",
                  "/VMC/Ext/Blend/Val \"Joy\" 0.75", "/VMC/Ext/Blend/Apply", "/VMC/Ext/OK 1"));
}

// Byte for byte as the specification of OSC 1.0 has it: no library reads it back.
TEST(OscMessages, AMessageIsItsAddressItsTypesAndItsValues) {
  using namespace std::string_literals;
  EXPECT_EQ(osc_marker("go"), "/mien/marker\0\0\0\0,s\0\0go\0\0"s);
  const auto groups = osc_groups(people_frame({smiling_person(3, 10)}), {});
  const auto bytes_of = [&](const std::string& address) {
    for (const auto& group : groups) {
      for (const auto& message : group) {
        if (message.c_str() == address) return message;
      }
    }
    return "no " + address;
  };
  EXPECT_EQ(bytes_of("/mien/frame"),
            "/mien/frame\0,iii\0\0\0\0\0\0\0\x29\0\0\x09\xC4\0\0\0\x01"s);
  EXPECT_EQ(bytes_of("/mien/person/3/valence"), "/mien/person/3/valence\0\0,f\0\0\x3F\0\0\0"s);
  EXPECT_EQ(bytes_of("/mien/person/3/verdict"),
            "/mien/person/3/verdict\0\0,sfs\0\0\0\0happiness\0\0\0\x3F\x40\0\0\0\0\0\0"s);
}

TEST(OscMessages, ABundleIsItsTimeAndItsMessagesWithTheirLengths) {
  using namespace std::string_literals;
  const auto bundles =
      osc_bundles({{osc_marker("go")}, {osc_marker("stay")}}, 0x0102030405060708ULL, 4096);
  EXPECT_THAT(bundles, ElementsAre("#bundle\0\x01\x02\x03\x04\x05\x06\x07\x08"
                                   "\0\0\0\x18/mien/marker\0\0\0\0,s\0\0go\0\0"
                                   "\0\0\0\x1C/mien/marker\0\0\0\0,s\0\0stay\0\0\0\0"s));
}

TEST(OscMessages, ADoubtIsSentWithItsReason) {
  auto person = smiling_person(1, 0);
  person.verdict.doubt = base::Doubt::covered;
  EXPECT_THAT(words_of(osc_groups(people_frame({person}), {})),
              Contains("/mien/person/1/verdict \"happiness\" 0.75 \"covered\""));
  person.verdict = {};
  EXPECT_THAT(words_of(osc_groups(people_frame({person}), {})),
              Contains("/mien/person/1/verdict \"\" 0 \"\""));
}

TEST(OscMessages, MeasuredFacesHaveAPoseAndTheMovementsThatAreKnown) {
  auto person = smiling_person(1, 0);
  person.geometry =
      measured(one_movement("jaw_drop", 0.5F, std::numeric_limits<float>::quiet_NaN()));
  person.geometry->eyes.opening = 0.5F;
  person.geometry->eyes.blinks = 2;
  person.geometry->towards_camera = true;
  auto other = smiling_person(2, 0);
  other.geometry.emplace();
  auto frame = people_frame({person, other});
  frame.landmarks_id = "face-mesh";
  const auto words = words_of(osc_groups(frame, {}));
  EXPECT_THAT(words, Contains("/mien/person/1/eyes/open 0.5"));
  EXPECT_THAT(words, Contains("/mien/person/1/eyes/closed 0"));
  EXPECT_THAT(words, Contains("/mien/person/1/eyes/blinks 2"));
  EXPECT_THAT(words, Contains("/mien/person/1/eyes/looks_at_camera 1"));
  EXPECT_THAT(words, Not(Contains(HasSubstr("2/eyes/open")))) << "not seen";
  EXPECT_THAT(words, Not(Contains(HasSubstr("2/eyes/looks_at_camera")))) << "not known";
  EXPECT_THAT(words, Contains("/mien/person/1/pose 10 -20 3 1 2 600"));
  EXPECT_THAT(words, Contains("/mien/person/1/movement/jaw_drop 0.5"));
  EXPECT_THAT(words, Contains("/VMC/Ext/Blend/Val \"JawOpen\" 0.5"));
  EXPECT_THAT(words, Not(Contains(HasSubstr("smile"))));
  EXPECT_THAT(words, Not(Contains(HasSubstr("Smile"))));
}

TEST(OscMessages, AvatarsGetTheMovementsOfTheFirstPersonOnTheirOwnSides) {
  auto first = smiling_person(2, 0), second = smiling_person(5, 200);
  first.geometry = measured(one_movement("smile_left", 1.5F));
  second.geometry = measured(one_movement("smile_right", 1));
  second.smoothed = {1, 0};
  auto frame = people_frame({second, first});
  frame.landmarks_id = "face-mesh";
  const auto words = words_of(osc_groups(frame, {}));
  EXPECT_THAT(words, Contains("/VMC/Ext/Blend/Val \"MouthSmileLeft\" 1"));
  EXPECT_THAT(words, Contains("/VMC/Ext/Blend/Val \"MouthSmileRight\" 0"));
  EXPECT_THAT(words, Contains("/VMC/Ext/Blend/Val \"Joy\" 0.75"));
}

TEST(OscMessages, AnAvatarWhosePersonHasGoneRests) {
  auto frame = people_frame({});
  frame.landmarks_id = "face-mesh";
  const auto words = words_of(osc_groups(frame, {}));
  EXPECT_THAT(words, Contains("/mien/frame 41 2500 0"));
  EXPECT_THAT(words, Contains("/VMC/Ext/Blend/Val \"Joy\" 0"));
  EXPECT_THAT(words, Contains("/VMC/Ext/Blend/Val \"JawOpen\" 0"));
}

TEST(OscMessages, EveryBlendShapeIsOfAMovementOrALabelThatExists) {
  auto person = smiling_person(1, 0);
  person.geometry = measured(std::vector<float>(base::movements().size(), 0.5F));
  person.smoothed = std::vector<float>(5, 0.25F);
  auto frame = people_frame({person}, {"Happy", "fun", "angry", "sad", "surprised"});
  frame.landmarks_id = "face-mesh";
  const auto words = words_of(osc_groups(frame, {}));
  for (const char* name : {"Joy", "Fun", "Angry", "Sorrow", "Surprised"}) {
    EXPECT_THAT(words, Contains("/VMC/Ext/Blend/Val \"" + std::string(name) + "\" 0.25"));
  }
  EXPECT_EQ(std::count_if(words.begin(), words.end(),
                          [](const std::string& w) { return w.ends_with("\" 0.5"); }),
            24);
}

TEST(OscMessages, WordsOfAModelBecomePartsOfAnAddress) {
  auto person = smiling_person(1, 0);
  const auto words =
      words_of(osc_groups(people_frame({person}, {"so so/*?", "fr\xC3\xB6hlich"}), {}));
  EXPECT_THAT(words, Contains("/mien/person/1/label/so_so___ 0.25"));
  EXPECT_THAT(words, Contains("/mien/person/1/label/fr__hlich 0.75"));
  EXPECT_THAT(words, Contains("/mien/person/1/verdict \"fr\xC3\xB6hlich\" 0.75 \"\""));
}

TEST(OscMessages, TextsOfAnyLengthAndKindFit) {
  EXPECT_EQ(in_words(osc_marker("now")), "/mien/marker \"now\"");
  EXPECT_EQ(in_words(osc_marker(std::string("a\0b", 3))), "/mien/marker \"a\"");
  std::string longest(511, 'x');
  longest += "\xC3\xB6";  // would end in its middle
  EXPECT_EQ(in_words(osc_marker(longest + std::string(100'000, 'x'))),
            "/mien/marker \"" + std::string(511, 'x') + "\"");
}

TEST(OscMessages, BundlesAreCutBetweenPeopleAndHaveOneTime) {
  std::vector<base::FaceReading> crowd;
  for (int i = 1; i <= 300; ++i) {
    crowd.push_back(smiling_person(i, static_cast<float>(i)));
    crowd.back().geometry = measured(std::vector<float>(base::movements().size(), 0.5F));
  }
  const auto groups = osc_groups(people_frame(crowd), {});
  const auto bundles = osc_bundles(groups, 77, 4096);
  EXPECT_GT(bundles.size(), 50U);
  std::vector<std::string> all;
  int last = 0;  // the person with whom the last bundle ended
  for (const auto& bytes : bundles) {
    EXPECT_LE(bytes.size(), 4096U);
    const auto bundle = read_bundle(bytes);
    EXPECT_EQ(bundle.time, 77U);
    int from = 0, to = 0;
    for (const auto& message : bundle.messages) {
      int person = 0;
      if (std::sscanf(message.c_str(), "/mien/person/%d/", &person) == 1) {
        if (from == 0) from = person;
        to = person;
      }
      all.push_back(message);
    }
    if (from == 0) continue;  // of the avatar alone
    EXPECT_EQ(from, last + 1);
    last = to;
  }
  EXPECT_EQ(last, 300);
  EXPECT_EQ(all, words_of(groups));
}

TEST(OscMessages, APersonLargerThanABundleIsCutBetweenMessages) {
  const auto groups = osc_groups(people_frame({smiling_person(1, 0)}), {});
  const auto bundles = osc_bundles(groups, 1, 128);
  std::vector<std::string> all;
  for (const auto& bytes : bundles) {
    EXPECT_LE(bytes.size(), 128U);
    for (auto& message : read_bundle(bytes).messages) all.push_back(std::move(message));
  }
  EXPECT_EQ(all, words_of(groups));
  EXPECT_THAT(osc_bundles({{osc_marker(std::string(200, 'x'))}}, 1, 128), IsEmpty());
}

TEST(OscMessages, TimesCountFrom1900) {
  using std::chrono::system_clock;
  EXPECT_EQ(osc_time(system_clock::time_point{}), 2'208'988'800ULL << 32);
  EXPECT_EQ(osc_time(system_clock::time_point{} + 1'500'000'000ns),
            (2'208'988'801ULL << 32) | 0x80000000ULL);
}

std::string wrong(const std::string& argument) {
  try {
    make_osc_output(argument, Services{});
  } catch (const base::Error& error) {
    return error.what();
  }
  return {};
}

TEST(OscOutput, AddressesAreReadOrRefusedWithASentence) {
  const auto address = [](const std::string& argument) {
    return make_osc_output(argument, Services{})->address();
  };
  EXPECT_EQ(address(""), "127.0.0.1:9000");
  EXPECT_EQ(address("39539"), "127.0.0.1:39539");
  EXPECT_EQ(address(":39539"), "127.0.0.1:39539");
  EXPECT_EQ(address("studio.local"), "studio.local:9000");
  EXPECT_EQ(address("10.0.0.7:7000"), "10.0.0.7:7000");
  EXPECT_EQ(address("[::1]:7000"), "[::1]:7000");
  EXPECT_EQ(address("[::1]"), "[::1]:9000");
  for (const char* bad : {"host:", "host:0", "host:65536", "host:9x", "::1", "[::1", "[]:1",
                          "[::1]9000", "a b:1", "http://x", "host:-1", "99999"}) {
    EXPECT_THAT(wrong(bad), AllOf(HasSubstr(bad), HasSubstr("write HOST:PORT"))) << bad;
  }
}

TEST(OscOutput, AFrameArrivesWithItsCaptureTime) {
  DatagramReceiver receiver;
  ASSERT_TRUE(receiver.ok());
  const auto output = make_osc_output(std::to_string(receiver.port()), Services{});
  output->open();
  const auto frame = people_frame({smiling_person(1, 0)});
  output->use_names({{1, "Ann"}});
  output->send(frame);
  const auto got = receiver.receive();
  ASSERT_TRUE(got);
  const auto bundle = read_bundle(*got);
  EXPECT_EQ(bundle.messages, words_of(osc_groups(frame, {{1, "Ann"}})));
  const auto captured = std::chrono::system_clock::now() -
                        (std::chrono::steady_clock::now() - frame.frame->arrived);
  const auto apart = static_cast<std::int64_t>(
      bundle.time -
      osc_time(std::chrono::time_point_cast<std::chrono::system_clock::duration>(captured)));
  EXPECT_LT(std::abs(apart), 1LL << 28);  // a sixteenth of a second: the wall's clock may move
  EXPECT_EQ(output->lost(), 0U);
  EXPECT_EQ(output->listeners(), "");
}

TEST(OscOutput, AMarkerHasTheTimeAtWhichItWasSet) {
  DatagramReceiver receiver;
  const auto output = make_osc_output(std::to_string(receiver.port()), Services{});
  output->open();
  const auto now = std::chrono::steady_clock::now();
  output->mark({"earlier", now - 1h});
  output->mark({"now", now});
  const auto earlier = read_bundle(receiver.receive().value());
  const auto later = read_bundle(receiver.receive().value());
  EXPECT_THAT(earlier.messages, ElementsAre("/mien/marker \"earlier\""));
  EXPECT_THAT(later.messages, ElementsAre("/mien/marker \"now\""));
  EXPECT_NEAR(static_cast<double>((later.time - earlier.time) >> 32), 3600, 1);
}

TEST(OscOutput, WhoeverBeginsToListenIsHeard) {
  auto receiver = std::make_unique<DatagramReceiver>();
  const auto port = std::to_string(receiver->port());
  receiver.reset();
  const auto output = make_osc_output(port, Services{});
  output->open();
  const auto frame = people_frame({});
  for (int i = 0; i < 5; ++i) output->send(frame);  // no error: they may come later
  EXPECT_EQ(output->listeners(), "nobody listens");
}

TEST(OscOutput, AHostThatNobodyKnowsIsNamed) {
  const auto output = make_osc_output("nobody.invalid:9000", Services{});
  try {
    output->open();
    FAIL() << "opened";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("nobody.invalid:9000"), HasSubstr("; check")));
  }
}

// --- a receiver that others wrote: both sides are liblo, the bytes themselves are tested above

class Oscdump {
 public:
  Oscdump(const std::string& port, const std::string& to) {
    id_ = ::fork();
    if (id_ != 0) return;
    const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::execlp("oscdump", "oscdump", "-L", port.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ~Oscdump() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  /// False when there is no such program.
  bool runs() {
    int status = 0;
    if (id_ <= 0 || ::waitpid(id_, &status, WNOHANG) != id_) return id_ > 0;
    id_ = -1;
    return false;
  }

 private:
  pid_t id_ = -1;
};

TEST(OscOutput, AnotherProgramReadsTheSame) {
  const testing::TemporaryFolder folder;
  const auto file = (folder / "dump").string();
  std::string port;
  {
    const DatagramReceiver free_port;
    port = std::to_string(free_port.port());
  }
  Oscdump dump(port, file);
  const auto output = make_osc_output(port, Services{});
  output->open();
  auto person = smiling_person(1, 10);
  person.geometry = measured(one_movement("jaw_drop", 0.5F));
  auto frame = people_frame({person});
  frame.landmarks_id = "face-mesh";
  std::string text;
  const bool read = eventually([&] {
    if (!dump.runs()) return true;
    output->mark({"now", std::chrono::steady_clock::now()});
    output->send(frame);
    std::ifstream in(file);
    text.assign(std::istreambuf_iterator<char>(in), {});
    return text.find("/VMC/Ext/OK") != text.npos && text.find("/mien/marker") != text.npos;
  });
  if (!dump.runs()) GTEST_SKIP() << "skipped: oscdump is missing (package liblo-tools)";
  ASSERT_TRUE(read);
  const auto line = [&](const std::string& wanted) { EXPECT_THAT(text, HasSubstr(wanted)); };
  line(" /mien/marker s \"now\"\n");
  line(" /mien/frame iii 41 2500 1\n");
  line(" /mien/people i 1\n");
  line(" /mien/person/1/label/happiness f 0.750000\n");
  line(" /mien/person/1/verdict sfs \"happiness\" 0.750000 \"\"\n");
  line(" /mien/person/1/valence f 0.500000\n");
  line(" /mien/person/1/box ffffii 10.000000 20.000000 100.000000 120.000000 640 480\n");
  line(
      " /mien/person/1/pose ffffff 10.000000 -20.000000 3.000000 1.000000 2.000000 "
      "600.000000\n");
  line(" /mien/person/1/movement/jaw_drop f 0.500000\n");
  line(" /VMC/Ext/Blend/Val sf \"Joy\" 0.750000\n");
  line(" /VMC/Ext/Blend/Val sf \"JawOpen\" 0.500000\n");
  line(" /VMC/Ext/Blend/Apply \n");
  line(" /VMC/Ext/OK i 1\n");
  // A bundle has one time.
  std::istringstream lines(text);
  std::string each, time;
  while (std::getline(lines, each)) {
    if (each.find("/mien/frame") != each.npos) time = each.substr(0, each.find(' '));
    if (each.find("/VMC/Ext/OK") != each.npos) {
      EXPECT_EQ(each.substr(0, each.find(' ')), time);
    }
  }
}

}  // namespace
}  // namespace mien::outputs
