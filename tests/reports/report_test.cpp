#include "mien/reports/report.hpp"

#include <regex>

#include <gmock/gmock.h>
#include <opencv2/imgcodecs.hpp>

#include "mien/base/error.hpp"

#include "report_data.hpp"
#include "report_text.hpp"
#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::reports {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Not;

/// A page is long: a failure says what was looked for, not all that there is.
MATCHER_P(Says, what, std::string("says ") + what) {
  *result_listener << "a page of " << arg.size() << " bytes";
  return arg.find(what) != std::string::npos;
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

/// Every element that is opened is closed in order, attributes are quoted, and nothing but
/// known entities stands behind an ampersand.
void expect_well_formed(const std::string& page) {
  static const std::set<std::string> kVoid = {"meta", "img", "br", "path", "rect", "!DOCTYPE"};
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const auto end = page.find('>', at);
    ASSERT_NE(end, std::string::npos);
    const auto tag = page.substr(at + 1, end - at - 1);
    EXPECT_EQ(std::count(tag.begin(), tag.end(), '"') % 2, 0) << tag;
    const auto name = tag.substr(0, tag.find_first_of(" \n"));
    if (name.front() == '/') {
      ASSERT_FALSE(open.empty()) << tag;
      ASSERT_EQ(open.back(), name.substr(1))
          << "near " << page.substr(at > 80 ? at - 80 : 0, 160);
      open.pop_back();
    } else if (kVoid.count(name) == 0 && tag.back() != '/') {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
  for (auto at = page.find('&'); at != std::string::npos; at = page.find('&', at + 1)) {
    const auto word = page.substr(at, page.find(';', at) - at + 1);
    EXPECT_TRUE(word == "&amp;" || word == "&lt;" || word == "&gt;" || word == "&quot;" ||
                word == "&#39;")
        << word;
  }
}

/// Nothing is fetched from anywhere, nothing runs.
void expect_self_contained(const std::string& page) {
  EXPECT_THAT(page, Not(Says("<script")));
  EXPECT_THAT(page, Not(Says("<link")));
  EXPECT_THAT(page, Not(Says("http:")));
  EXPECT_THAT(page, Not(Says("https:")));
  EXPECT_THAT(page, Not(Says("@import")));
  EXPECT_THAT(page, Says("default-src 'none'"));
  const std::regex sources("(src|href)=\"([^\"]*)\"");
  for (auto it = std::sregex_iterator(page.begin(), page.end(), sources);
       it != std::sregex_iterator(); ++it) {
    EXPECT_EQ((*it)[2].str().rfind("data:image/jpeg;base64,", 0), 0U) << (*it)[2];
  }
}

class ReportTest : public testing::SessionTest {
 protected:
  std::string page_of(const std::filesystem::path& folder) {
    const auto file = write_report(sessions::read_session(folder));
    EXPECT_EQ(file, folder / "report.html");
    const auto page = testing::contents(file);
    expect_well_formed(page);
    expect_self_contained(page);
    EXPECT_THAT(page, Not(Says("nan")));
    return page;
  }

  /// A session with a video: one person, happy and then sad.
  std::filesystem::path recorded(sessions::Privacy privacy) {
    auto settings = options(sessions::word(privacy));
    settings.privacy = privacy;
    settings.min_free_bytes = 0;
    recording::SessionWriter writer(settings);
    for (int i = 0; i < 30; ++i) {
      const bool happy = i < 15;
      writer.write(testing::analysed(
          testing::picture({160, 120}, i), i * 40ms,
          {testing::reading(1, {40, 30, 60, 60},
                            {0.05F, happy ? 0.9F : 0.05F, happy ? 0.05F : 0.9F})}));
    }
    writer.close("stopped");
    return settings.folder;
  }
};

TEST_F(ReportTest, SaysWhatEachPersonShowed) {
  const auto folder =
      testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows(), nullptr,
                            "2,0.100,marker,0,0,question one\r\n"
                            "3,0.200,neutral,1,0,set\r\n"
                            "4,0.300,gap,0,4,\r\n"
                            "5,0.400,name,1,0,Ada\r\n");
  const auto page = page_of(folder);
  EXPECT_THAT(page, Says("Ada: neutral face set"));
  EXPECT_THAT(page, AllOf(Says("clip.mp4"), Says("22 November 2026, 07:15"), Says(">Ada<"),
                          Says(">P2<"), Says("question one")));
  EXPECT_THAT(page, Says("two labels close"));
  EXPECT_THAT(page, Says("Knows nothing."));
  EXPECT_THAT(page, Says("1\u00A0change"));
  EXPECT_THAT(page, Says("2024/1689"));
  EXPECT_EQ(std::filesystem::status(folder / "report.html").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ReportTest, EscapesWhateverComesFromOutside) {
  const std::string evil = "<img src=x onerror=alert(1)>&\"'\x01\xFF";
  auto document = testing::made_document({evil, "b"}, {});
  document["source"]["name"] = "<script>alert(1)</script>";
  document["ended"] = "<b>";
  document["model"]["limitations"] = "</p><script>";
  document["model"]["files"] = {{{"sha256", "<i>"}}};
  document["detector"] = "\"><u>";
  const auto text = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  auto row = testing::made_row(1, 1, 0, {0.9F, 0.1F}, evil);
  auto next = testing::made_row(2, 1, 0.1, {0.1F, 0.9F}, sessions::kNotSure);
  next.reason = "<s>";
  testing::make_session(root_ / "s", {evil, "b"}, {row, next}, nlohmann::json::object(),
                        "1,0.000,name,1,0,<h1>Ada\r\n1,0.000,marker,0,0,</td><script>\r\n");
  testing::put(root_ / "s" / "session.json", text);
  const auto page = page_of(root_ / "s");
  for (const char* tag : {"<script", "<img src=x", "<u>", "<s>", "<h1>Ada", "\x01", "\xFF"}) {
    EXPECT_THAT(page, Not(Says(tag))) << tag;
  }
  EXPECT_THAT(page, Says("&lt;h1&gt;Ada"));
}

TEST_F(ReportTest, WhatMeasuredTheFacesIsNamedWithItsVersionAndChecksums) {
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["landmarks"] = "some-mesh";
  document["movements"] = "some-movements";
  const auto page = [&](const char* name) {
    return page_of(testing::make_session(root_ / name, testing::eight_labels(),
                                         testing::some_rows(), document));
  };
  // Sessions of early versions have the ids alone.
  EXPECT_THAT(page("early"), AllOf(Says(">some-mesh<"), Says(">some-movements<"),
                                   Not(Says("SHA-256 of landmarks"))));
  document["landmarks_model"] = {{"id", "some-mesh"},
                                 {"name", "Some mesh"},
                                 {"version", "7"},
                                 {"files", {{{"sha256", "0a1b"}}, {{"sha256", "2c<"}}}}};
  document["movements_model"] = {
      {"id", "some-movements"}, {"version", "<8>"}, {"files", {{{"sha256", "3d4e"}}}}};
  EXPECT_THAT(page("now"),
              AllOf(Says("Some mesh, version 7 (some-mesh)"),
                    Says("some-movements, version &lt;8&gt; (some-movements)"),
                    Says("<small>0a1b</small><br><small>2c&lt;</small>"), Says("3d4e")));
}

TEST_F(ReportTest, SaysWhereItWasSentMeanwhile) {
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["outputs"] = nlohmann::json::array(
      {{{"spec", "osc:<b>:9000"}, {"from", 0.0}, {"to", 0.3}}, "no object", {{"spec", 5}}});
  const auto page = page_of(testing::make_session(root_ / "s", testing::eight_labels(),
                                                  testing::some_rows(), document));
  EXPECT_THAT(page, Says("Sent live to"));
  EXPECT_THAT(page, Says("osc:&lt;b&gt;:9000 (from 0:00.0 to 0:00.3)"));
  // A session of which nothing was sent says nothing of it.
  document["outputs"] = nlohmann::json::array();
  EXPECT_THAT(page_of(testing::make_session(root_ / "t", testing::eight_labels(),
                                            testing::some_rows(), document)),
              Not(Says("Sent live to")));
}

TEST_F(ReportTest, SessionsOfNobodyAndNothing) {
  std::vector<sessions::SessionRow> rows;
  for (std::uint64_t i = 1; i <= 40; ++i) {
    rows.push_back(testing::made_empty_row(i, 0.1 * static_cast<double>(i - 1), 8));
  }
  EXPECT_THAT(page_of(testing::make_session(root_ / "nobody", testing::eight_labels(), rows)),
              Says("No face was found in 40"));
  EXPECT_THAT(page_of(testing::make_session(root_ / "nothing", testing::eight_labels(), {})),
              Says("it has no frames"));
}

TEST_F(ReportTest, ASinglePictureHasNoTimeline) {
  auto rows = testing::some_rows();
  rows.resize(2);
  const auto page = page_of(testing::make_session(root_ / "s", testing::eight_labels(), rows));
  EXPECT_THAT(page, Says("Probabilities"));
  EXPECT_THAT(page, Says("happy, 90"));
  EXPECT_THAT(page, Not(Says("over time\"")));
  EXPECT_THAT(page, Not(Says("Episodes")));
}

TEST_F(ReportTest, ThumbnailsAreThePeaksWhenPrivacyAllows) {
  const auto folder = recorded(sessions::Privacy::everything);
  const auto page = page_of(folder);
  EXPECT_EQ(count_of(page, "data:image/jpeg;base64,"), 2U) << "one a label that was said";
  EXPECT_EQ(count_of(page, "<figcaption>"), 2U);
}

TEST_F(ReportTest, NoPicturesUnderTheOtherPrivacies) {
  for (const auto privacy : {sessions::Privacy::blurred_faces, sessions::Privacy::data_only}) {
    const auto page = page_of(recorded(privacy));
    EXPECT_EQ(count_of(page, "data:image"), 0U) << sessions::word(privacy);
    EXPECT_EQ(count_of(page, "<img"), 0U);
  }
}

TEST_F(ReportTest, AVideoThatCannotBeReadCostsTheThumbnailsOnly) {
  const auto folder = recorded(sessions::Privacy::everything);
  std::filesystem::resize_file(folder / "video.mkv", 100);
  EXPECT_EQ(count_of(page_of(folder), "data:image"), 0U);
}

/// A session with movements: a person whose head goes from side to side and who smiles. With
/// another neutral face from frame `neutral` on.
std::filesystem::path moving(recording::SessionOptions settings, int neutral = 100) {
  settings.privacy = sessions::Privacy::data_only;
  settings.columns = sessions::Columns::movements;
  settings.min_free_bytes = 0;
  recording::SessionWriter writer(settings);
  for (int i = 0; i <= 40; ++i) {
    auto reading = testing::reading(1, {40, 30, 60, 60}, {0.05F, 0.9F, 0.05F});
    reading.geometry = testing::measured_face(reading.face.box, static_cast<float>(i - 20),
                                              static_cast<float>(i) / 40);
    reading.geometry->eyes.blinks = 11 + i / 20;
    reading.geometry->eyes.closed = i < 4;
    reading.geometry->neutral = i < neutral ? 0 : 1;
    if (i == 40) {
      reading.geometry.emplace().doubt = base::MeshDoubt::cut_off;
      reading.geometry->eyes.blinks = 13;
    }
    writer.write(testing::analysed(testing::picture({160, 120}, i), i * 40ms, {reading}));
  }
  writer.close("stopped");
  return settings.folder;
}

TEST_F(ReportTest, SaysWhatWasMeasured) {
  const auto page = page_of(moving(options()));
  EXPECT_THAT(page, AllOf(Says("Head and eyes"), Says("40 of 41\u00A0readings"),
                          Says("\u221218\u00B0 to +18\u00B0, median 0\u00B0"),
                          Says("right mouth corner up"), Says("no FACS coding")));
  EXPECT_TRUE(std::regex_search(page, std::regex("Blinks</t[hd]><td[^>]*>2<")))
      << "two ended while it was recorded";
  EXPECT_TRUE(std::regex_search(page, std::regex("Eyes closed</t[hd]><td[^>]*>10\u00A0%<")));
  EXPECT_THAT(page, Says("48\u00A0%, known in 100\u00A0% of those measured"));
  const auto table = page.substr(page.find("<h3>Movements</h3>"));
  EXPECT_EQ(count_of(table.substr(0, table.find("</table>")), "<tr><td>"),
            base::movements().size());
}

TEST_F(ReportTest, SaysOnceHowToReadWhatWasMeasuredAndWhyThereIsNoMesh) {
  auto settings = options();
  settings.privacy = sessions::Privacy::data_only;
  settings.columns = sessions::Columns::movements;
  settings.min_free_bytes = 0;
  {
    recording::SessionWriter writer(settings);
    for (int i = 0; i < 9; ++i) {
      std::vector<base::FaceReading> readings;
      for (const int person : {1, 2}) {
        auto reading = testing::reading(person, {static_cast<float>(person) * 70, 30, 60, 60},
                                        {0.05F, 0.9F, 0.05F});
        reading.geometry = testing::measured_face(reading.face.box, 0, 0.5F);
        if (person == 2 && i < 5) reading.geometry.emplace().doubt = base::MeshDoubt::cut_off;
        if (person == 2 && i >= 7) {
          reading.geometry.emplace().doubt = base::MeshDoubt::too_small;
        }
        readings.push_back(std::move(reading));
      }
      writer.write(testing::analysed(testing::picture({160, 120}, i), i * 40ms, readings));
    }
    writer.close("stopped");
  }
  const auto page = page_of(settings.folder);
  EXPECT_THAT(page, Says(">9 of 9\u00A0readings<"));
  EXPECT_THAT(page, Says(">2 of 9\u00A0readings; no mesh: " +
                         std::string(base::describe(base::MeshDoubt::cut_off)) + " in 5, " +
                         base::describe(base::MeshDoubt::too_small) + " in 2<"));
  EXPECT_EQ(count_of(page, "<h3>Head and eyes</h3>"), 2U);
  EXPECT_EQ(count_of(page, "Measured on 468 points"), 1U);
  EXPECT_THAT(page, Says("<span class=\"hint\">like AU12, AU15</span>"));
}

TEST_F(ReportTest, MovementsAreOfOneNeutralFaceAndThePageSaysOfWhich) {
  auto settings = options();
  EXPECT_THAT(page_of(moving(settings)), Not(Says("model changed")));
  settings.folder = root_ / "neutral";
  const auto folder = moving(settings, 21);
  EXPECT_THAT(page_of(folder),
              AllOf(Says("40 of 41\u00A0readings"),
                    Says("Of 0:00.8 to 0:01.6 alone, 19\u00A0readings: their neutral face "
                         "or the landmarks model changed, and with it what counts as 0.")));
}

TEST_F(ReportTest, OfMovementsItSaysNothingWhereNoneWereMeasured) {
  const auto page = page_of(
      testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows()));
  EXPECT_THAT(page, AllOf(Not(Says("Head and eyes")), Not(Says("Blinks"))));
}

TEST_F(ReportTest, AMovementOfALaterVersionHasItsId) {
  const auto folder = moving(options());
  auto table = testing::contents(folder / "faces.csv");
  const auto at = table.find(",jaw_drop,");
  ASSERT_NE(at, std::string::npos);
  testing::put(folder / "faces.csv", table.replace(at, 10, ",<b>wink,"));
  EXPECT_THAT(page_of(folder), AllOf(Says("<tr><td>&lt;b&gt;wink</td>"), Not(Says("<b>wink"))));
}

TEST_F(ReportTest, AnHourOfTwentyPeopleStaysSmall) {
  std::vector<sessions::SessionRow> rows;
  for (std::uint64_t i = 0; i < 12'000; ++i) {
    for (int person = 1; person <= 20; ++person) {
      const float wave =
          static_cast<float>((i * 7 + static_cast<std::uint64_t>(person) * 13) % 90) / 100;
      rows.push_back(
          testing::made_row(i + 1, person, 0.3 * static_cast<double>(i),
                            {wave, 0.95F - wave, 0.01F, 0.01F, 0.01F, 0.01F, 0.005F, 0.005F},
                            wave > 0.6F   ? "neutral"
                            : wave < 0.3F ? "happiness"
                                          : sessions::kNotSure));
    }
  }
  const auto page = page_of(testing::make_session(root_ / "s", testing::eight_labels(), rows));
  EXPECT_LT(page.size(), 2'000'000U);
  EXPECT_EQ(count_of(page, "class=\"person-head\""), 20U);
}

TEST_F(ReportTest, ACrowdIsListedBySeenTime) {
  std::vector<sessions::SessionRow> rows;
  for (int person = 1; person <= 100; ++person) {
    for (int i = 0; i <= person; ++i) {
      rows.push_back(testing::made_row(static_cast<std::uint64_t>(i) + 1, person, 0.1 * i,
                                       {0.9F, 0.1F, 0, 0, 0, 0, 0, 0}, "neutral"));
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.frame < b.frame; });
  const auto page = page_of(testing::make_session(root_ / "s", testing::eight_labels(), rows));
  EXPECT_EQ(count_of(page, "class=\"person-head\""), 24U);
  EXPECT_THAT(page, Says(">P100<"));
  EXPECT_THAT(page, Not(Says("</span>P3<")));
  EXPECT_THAT(page, Says("faces.csv has them all"));
}

TEST_F(ReportTest, AnOlderReportIsReplaced) {
  testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows());
  testing::put(root_ / "s" / "report.html", "old");
  page_of(root_ / "s");
  EXPECT_THAT(testing::contents(root_ / "s" / "report.html"), Not(Says("old</")));
  std::filesystem::remove(root_ / "s" / "report.html");
  std::filesystem::create_directory(root_ / "s" / "report.html");
  EXPECT_THROW(write_report(sessions::read_session(root_ / "s")), base::Error);
}

TEST(RecordingQuality, CountsGapsAndLosses) {
  sessions::RecordedSession session;
  double time = 0;
  for (std::uint64_t i = 1; i <= 101; ++i) {
    session.rows.push_back(testing::made_empty_row(i, time, 0));
    time += i == 50 ? 0.5 : i == 80 ? 3.0 : 0.04;
  }
  session.events = {{.kind = sessions::SessionEvent::Kind::gap,
                     .frame = 51,
                     .timestamp = 2.46,
                     .value = 11,
                     .text = {}},
                    {.kind = sessions::SessionEvent::Kind::resume,
                     .frame = 81,
                     .timestamp = 6.62,
                     .text = {}}};
  const auto quality = recording_quality(session);
  EXPECT_EQ(quality.frames, 101U);
  EXPECT_EQ(quality.lost, 11U);
  EXPECT_EQ(quality.gaps, 1U) << "the pause is none";
  EXPECT_NEAR(quality.longest_interval, 0.5, 1e-9);
  EXPECT_NEAR(quality.longest_gap_at, 49 * 0.04, 1e-9);
  EXPECT_NEAR(quality.median_interval, 0.04, 1e-9);
  EXPECT_NEAR(quality.fps, 99 / (98 * 0.04 + 0.5), 1e-6);
}

TEST(ReportText, WordsForNumbers) {
  EXPECT_EQ(percent_words(0.971), "97\u00A0%");
  EXPECT_EQ(percent_words(0.001), "0.1\u00A0%");
  EXPECT_EQ(percent_words(0), "0\u00A0%");
  EXPECT_EQ(base::signed_decimal(-0.104, 2), "\u22120.10");
  EXPECT_EQ(base::signed_decimal(-0.001, 2), "0.00");
  EXPECT_EQ(length_words(12.34), "12.3\u00A0s");
  EXPECT_EQ(length_words(59.96), "1\u00A0min\u00A000\u00A0s");
  EXPECT_EQ(length_words(3725), "1\u00A0h\u00A002\u00A0min");
  EXPECT_EQ(moment(7.44), "0:07.4");
  EXPECT_EQ(moment(59.99), "1:00.0");
  EXPECT_EQ(moment(3725), "1:02:05");
  EXPECT_EQ(grouped(1234), "1234");
  EXPECT_EQ(grouped(108000), "108\u2009000");
  EXPECT_EQ(date_words("soon"), "soon");
  EXPECT_EQ(html("a<b>\"&'\x02\xC3\x28"), "a&lt;b&gt;&quot;&amp;&#39;\uFFFD\uFFFD(");
  EXPECT_EQ(html("\u00E9\U0001F600"), "\u00E9\U0001F600");
}

}  // namespace
}  // namespace mien::reports
