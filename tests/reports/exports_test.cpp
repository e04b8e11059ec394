#include "mien/reports/exports.hpp"

#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/csv_reader.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::reports {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using TableRow = std::map<std::string, std::string>;

/// The columns and the rows of a table, as a reader of that format takes them.
struct Table {
  std::vector<std::string> columns;
  std::vector<TableRow> rows;
};

Table parse(const std::string& text, char separator = ',') {
  sessions::CsvReader reader(text, separator);
  std::vector<std::string_view> cells;
  Table table;
  EXPECT_TRUE(reader.next(cells));
  table.columns.assign(cells.begin(), cells.end());
  while (reader.next(cells)) {
    EXPECT_EQ(cells.size(), table.columns.size()) << text;
    EXPECT_TRUE(reader.complete());
    TableRow row;
    for (std::size_t i = 0; i < std::min(cells.size(), table.columns.size()); ++i) {
      row[table.columns[i]] = cells[i];
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

double value(const TableRow& row, const std::string& column) {
  double result = -99;
  EXPECT_TRUE(base::parse_number(row.at(column), result)) << column << " is " << row.at(column);
  return result;
}

class ExportsTest : public testing::SessionTest {
 protected:
  ExportsTest() {
    auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
    document["source"]["name"] = "a \"clip\", cut.mp4";
    testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows(), document,
                          "1,0.000,arrival,1,0,\r\n"
                          "2,0.100,marker,0,0,question\tone\r\n"
                          "4,0.300,marker,0,0,\r\n"
                          "4,0.300,gap,0,4,\r\n"
                          "5,0.400,name,1,0,\"Ada, Countess\"\r\n");
    session_ = sessions::read_session(root_ / "s");
  }

  std::string text_of(const char* format) const { return text_of(format, session_); }
  static std::string text_of(const char* format, const sessions::RecordedSession& session) {
    std::ostringstream out;
    export_format(format).write(session, out);
    return out.str();
  }

  sessions::RecordedSession session_;
};

TEST_F(ExportsTest, OpenFaceBeginsAsOpenFaceDoesAndIsAllNumbers) {
  const auto table = parse(text_of("openface"));
  EXPECT_THAT(table.columns,
              ElementsAre("frame", "face_id", "timestamp", "confidence", "success", "x", "y",
                          "w", "h", "neutral", "happiness", "surprise", "sadness", "anger",
                          "disgust", "fear", "contempt", "certainty", "valence"));
  ASSERT_EQ(table.rows.size(), 6U);
  for (const auto& row : table.rows) {
    for (const auto& column : table.columns) value(row, column);
  }
  EXPECT_EQ(value(table.rows[1], "face_id"), 2);
  EXPECT_NEAR(value(table.rows[1], "happiness"), 0.9, 1e-6);
  EXPECT_EQ(table.rows[2].at("timestamp"), "0.100");
  EXPECT_EQ(value(table.rows[3], "success"), 0);
  EXPECT_EQ(value(table.rows[3], "happiness"), 0) << "as OpenFace, zeros without a face";
}

/// The session with landmarks: the first face's measured, the second one's refused.
sessions::RecordedSession measured(sessions::RecordedSession session) {
  session.columns = sessions::Columns::landmarks;
  session.movements = {"jaw_drop", "of_a_later_version"};
  auto& seen = session.rows[0].geometry.emplace();
  seen.presence = 0.9F;
  seen.pitch = 10, seen.yaw = -20, seen.roll = 30;
  seen.translation = {1, 2, 600};
  seen.movements = {0.5F, sessions::RowGeometry::kNothing};
  seen.eyes_open = 0.75F;
  seen.blinks = 3;
  for (int i = 0; i < 68; ++i) seen.landmarks.emplace_back(100.F + static_cast<float>(i), 7.F);
  session.rows[1].geometry.emplace().presence = 0.1F;
  session.rows[1].geometry->no_mesh = "no face for the mesh";
  return session;
}

TEST_F(ExportsTest, OpenFaceHasPoseAndLandmarksWhereItHasThem) {
  const auto table = parse(text_of("openface", measured(session_)));
  ASSERT_EQ(table.columns.size(), 19U + 6 + 2 * 68);
  EXPECT_EQ(table.columns[5], "pose_Tx");
  EXPECT_EQ(table.columns[10], "pose_Rz");
  EXPECT_EQ(table.columns[11], "x_0");
  EXPECT_EQ(table.columns[11 + 68], "y_0");
  EXPECT_EQ(table.columns[11 + 136], "x");
  for (const auto& row : table.rows) {
    for (const auto& column : table.columns) value(row, column);
  }
  EXPECT_NEAR(value(table.rows[0], "pose_Rx"), 0.175, 1e-3) << "radians";
  EXPECT_NEAR(value(table.rows[0], "pose_Ry"), -0.349, 1e-3);
  EXPECT_NEAR(value(table.rows[0], "pose_Rz"), 0.524, 1e-3);
  EXPECT_EQ(value(table.rows[0], "pose_Tz"), 600);
  EXPECT_EQ(value(table.rows[0], "x_67"), 167);
  EXPECT_EQ(value(table.rows[0], "y_67"), 7);
  EXPECT_EQ(value(table.rows[1], "x_0"), 0);
  EXPECT_EQ(value(table.rows[1], "pose_Ry"), 0);
  EXPECT_EQ(value(table.rows[0], "success"), 1);
  EXPECT_EQ(value(table.rows[1], "success"), 0) << "zeros that nobody may take for measured";
}

TEST_F(ExportsTest, PointsOutsideThePictureAreNoNumbers) {
  auto session = measured(session_);
  constexpr float kNothing = sessions::RowGeometry::kNothing;
  session.rows[0].geometry->landmarks[3] = {kNothing, kNothing};
  const auto openface = parse(text_of("openface", session)).rows.at(0);
  EXPECT_EQ(openface.at("x_3"), "nan") << "0 would be a place";
  EXPECT_EQ(openface.at("y_3"), "nan");
  EXPECT_EQ(value(openface, "x_4"), 104);
  const auto pyfeat = parse(text_of("pyfeat", session)).rows.at(0);
  EXPECT_EQ(pyfeat.at("x_3"), "");
  EXPECT_EQ(value(pyfeat, "x_4"), 104);
  std::istringstream lines(text_of("jsonl", session));
  std::string line;
  std::getline(lines, line);
  const auto points = nlohmann::json::parse(line).at("geometry").at("landmarks");
  EXPECT_TRUE(points.at(3).at(0).is_null());
  EXPECT_EQ(points.at(4).at(0), 104);
}

/// Two people in each of three frames, as a recording with all columns keeps them; the second
/// one has no mesh.
sessions::RecordedSession recorded_with_landmarks(recording::SessionOptions settings) {
  settings.privacy = sessions::Privacy::data_only;
  settings.columns = sessions::Columns::landmarks;
  settings.min_free_bytes = 0;
  settings.make_report = {};
  recording::SessionWriter writer(settings);
  for (int i = 0; i < 3; ++i) {
    auto seen = testing::reading(1, {40, 30, 50, 34}, {0.05F, 0.9F, 0.05F});
    seen.geometry = testing::measured_face(seen.face.box, 12.5F, 0.25F * static_cast<float>(i));
    auto refused = testing::reading(2, {140, 30, 50, 34}, {0.9F, 0.05F, 0.05F});
    refused.geometry.emplace().doubt = base::MeshDoubt::no_face;
    writer.write(testing::analysed(testing::picture({320, 240}, i),
                                   std::chrono::milliseconds(40 * i), {seen, refused}));
  }
  writer.close("stopped");
  return sessions::read_session(settings.folder);
}

TEST_F(ExportsTest, ARecordedSessionWithLandmarksGoesIntoAllOfThem) {
  const auto session = recorded_with_landmarks(options("recorded"));
  std::set<std::string> formats;
  for (const auto& format : export_formats()) {
    formats.insert(format.id);
    EXPECT_NE(text_of(format.id, session), "") << format.id;
  }
  ASSERT_TRUE(formats.count("openface") && formats.count("pyfeat") && formats.count("jsonl"));
  const auto openface = parse(text_of("openface", session));
  ASSERT_EQ(openface.rows.size(), 6U);
  EXPECT_NEAR(value(openface.rows[4], "pose_Ry"), 12.5 * 3.14159 / 180, 1e-3);
  EXPECT_EQ(value(openface.rows[4], "pose_Tz"), 600);
  // The mesh's point 152, the chin, is the 22nd of the sixth row of the grid: column 22 of 25.
  EXPECT_NEAR(value(openface.rows[4], "x_8"), 40 + 50 * 22 / 25.0, 0.06);
  EXPECT_NEAR(value(openface.rows[4], "y_8"), 30 + 34 * 5 / 17.0, 0.06);
  EXPECT_EQ(value(openface.rows[5], "x_8"), 0) << "no mesh";
  const auto pyfeat = parse(text_of("pyfeat", session));
  EXPECT_EQ(value(pyfeat.rows[0], "Yaw"), 12.5);
  EXPECT_NEAR(value(pyfeat.rows[0], "y_8"), 40, 0.06);
  EXPECT_EQ(pyfeat.rows[1].at("Yaw"), "");
  std::istringstream lines(text_of("jsonl", session));
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(lines, line);)
    rows.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(rows.size(), 6U);
  const auto& third = rows[4].at("geometry");
  EXPECT_EQ(third["movements"].size(), base::movements().size());
  EXPECT_EQ(third["movements"]["smile_left"], 0.5);
  EXPECT_EQ(third["eyes"]["open"], 1);
  EXPECT_EQ(third["eyes"]["looks_at_camera"], false);
  EXPECT_EQ(third["landmarks"].size(), 68U);
  EXPECT_EQ(rows[5]["geometry"]["no_mesh"], "no face for the mesh");
}

TEST_F(ExportsTest, PyFeatHasLandmarksAndPose) {
  auto session = measured(session_);
  auto table = parse(text_of("pyfeat", session));
  EXPECT_EQ(table.columns[5], "x_0");
  EXPECT_EQ(table.columns[5 + 136], "Pitch");
  EXPECT_EQ(table.columns[5 + 139], "Neutral");
  EXPECT_EQ(value(table.rows[0], "Yaw"), -20);
  EXPECT_EQ(value(table.rows[0], "Roll"), 30);
  EXPECT_EQ(value(table.rows[0], "x_1"), 101);
  EXPECT_EQ(table.rows[1].at("Yaw"), "");
  EXPECT_NEAR(value(table.rows[0], "Neutral"), 0.8, 1e-6);
  session.columns = sessions::Columns::movements;
  table = parse(text_of("pyfeat", session));
  EXPECT_EQ(table.columns[5], "Pitch");
}

TEST_F(ExportsTest, ElanSaysWhoseNeutralFaceWasSet) {
  using Kind = sessions::SessionEvent::Kind;
  session_.events = {{Kind::neutral, 2, 0.1, 1, 0, sessions::kNeutralSet},
                     {Kind::model, 4, 0.3, 0, 0, "other"},
                     {Kind::neutral, 4, 0.3, 2, 0, sessions::kNeutralCleared}};
  const auto text = text_of("elan");
  EXPECT_THAT(text, HasSubstr("events\t00:00:00.100\t00:00:00.300\tneutral P1: set\n"));
  EXPECT_THAT(text, HasSubstr("\tmodel: other; neutral P2: cleared\n"));
}

TEST_F(ExportsTest, JsonLinesHaveEverythingThatWasMeasured) {
  const std::string text = text_of("jsonl", measured(session_));
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  auto json = nlohmann::json::parse(line).at("geometry");
  EXPECT_EQ(json["pose"]["yaw"], -20);
  EXPECT_EQ(json["pose"]["translation"][2], 600);
  EXPECT_EQ(json["movements"]["jaw_drop"], 0.5);
  EXPECT_TRUE(json["movements"]["of_a_later_version"].is_null());
  EXPECT_EQ(json["eyes"]["blinks"], 3);
  EXPECT_TRUE(json["eyes"]["looks_at_camera"].is_null()) << "not known";
  EXPECT_EQ(json["landmarks"].size(), 68U);
  std::getline(lines, line);
  json = nlohmann::json::parse(line).at("geometry");
  EXPECT_EQ(json["no_mesh"], "no face for the mesh");
  EXPECT_FALSE(json.contains("pose"));
  std::getline(lines, line);
  EXPECT_FALSE(nlohmann::json::parse(line).contains("geometry"));
}

TEST_F(ExportsTest, PyFeatHasDetectorv2sColumnsInItsOrder) {
  const auto table = parse(text_of("pyfeat"));
  EXPECT_THAT(table.columns,
              ElementsAre("FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight",
                          "FaceScore", "Neutral", "Happy", "Sad", "Surprise", "Fear", "Disgust",
                          "Anger", "valence", "arousal", "FrameHeight", "FrameWidth", "input",
                          "frame", "approx_time", "Identity", "timestamp"));
  ASSERT_EQ(table.rows.size(), 6U);
  const auto& first = table.rows[0];
  EXPECT_EQ(value(first, "FaceRectX"), 10);
  EXPECT_EQ(value(first, "FaceRectHeight"), 50);
  EXPECT_EQ(value(first, "frame"), 0) << "Py-Feat counts from 0";
  EXPECT_NEAR(value(first, "Neutral"), 0.8, 1e-6);
  EXPECT_NEAR(value(first, "valence"), 0.08, 1e-6);
  EXPECT_EQ(first.at("arousal"), "") << "not measured";
  EXPECT_EQ(first.at("input"), "a \"clip\", cut.mp4");
  EXPECT_EQ(first.at("approx_time"), "00:00");
  EXPECT_EQ(first.at("Identity"), "Ada, Countess");
  EXPECT_EQ(value(first, "FrameWidth"), 640);
  EXPECT_EQ(table.rows[1].at("Identity"), "Person_2");
  const auto& without = table.rows[3];
  EXPECT_EQ(without.at("FaceRectX"), "");
  EXPECT_EQ(value(without, "FaceScore"), 0);
  EXPECT_EQ(without.at("Happy"), "");
  EXPECT_EQ(without.at("Identity"), "");
  EXPECT_EQ(value(without, "frame"), 2);
}

TEST_F(ExportsTest, PyFeatCountsMinutes) {
  auto session = session_;
  session.rows = {testing::made_row(1, 1, 0, session.rows[0].probabilities, "neutral"),
                  testing::made_row(2, 1, 754.98, session.rows[0].probabilities, "neutral")};
  EXPECT_EQ(parse(text_of("pyfeat", session)).rows[1].at("approx_time"), "12:34");
}

TEST_F(ExportsTest, FaceReaderHasItsPreambleAndColumns) {
  const auto text = text_of("facereader");
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    ASSERT_EQ(line.back(), '\r');
    line.pop_back();
    lines.push_back(line);
  }
  // Readers of this format take the file from line 6 and the rate from line 7, and skip 8.
  ASSERT_GE(lines.size(), 9U);
  EXPECT_EQ(lines[0], "Video analysis detailed log");
  EXPECT_EQ(lines[5], "Filename:\ta \"clip\", cut.mp4");
  EXPECT_EQ(lines[6], "Frame rate:\t10.000");
  EXPECT_EQ(lines[7], "");
  std::string body;
  for (std::size_t i = 8; i < lines.size(); ++i) body += lines[i] + '\n';
  const auto table = parse(body, '\t');
  EXPECT_THAT(table.columns, ElementsAre("Video Time", "Neutral", "Happy", "Sad", "Angry",
                                         "Surprised", "Scared", "Disgusted", "Contempt",
                                         "Valence", "Arousal", "Participant Name"));
  ASSERT_EQ(table.rows.size(), 6U);
  EXPECT_EQ(table.rows[2].at("Video Time"), "00:00:00.100");
  EXPECT_NEAR(value(table.rows[1], "Happy"), 0.9, 1e-6);
  EXPECT_NEAR(value(table.rows[1], "Valence"), 0.89, 1e-6);
  EXPECT_EQ(table.rows[0].at("Participant Name"), "Ada, Countess");
  EXPECT_EQ(table.rows[3].at("Happy"), "FIND_FAILED");
  EXPECT_EQ(table.rows[3].at("Arousal"), "FIND_FAILED");
}

void expect_deepface_face(const nlohmann::json& face) {
  const std::set<std::string> emotions = {"angry", "disgust",  "fear",   "happy",
                                          "sad",   "surprise", "neutral"};
  std::set<std::string> found;
  double sum = 0;
  std::string most;
  for (const auto& [name, score] : face.at("emotion").items()) {
    found.insert(name);
    sum += score.get<double>();
    if (most.empty() || score > face.at("emotion").at(most)) most = name;
  }
  EXPECT_EQ(found, emotions);
  EXPECT_NEAR(sum, 100, 0.01);
  EXPECT_EQ(face.at("dominant_emotion"), most);
  for (const char* side : {"x", "y", "w", "h"}) {
    EXPECT_TRUE(face.at("region").at(side).is_number_integer());
  }
  EXPECT_EQ(face.at("region").size(), 4U);
  EXPECT_GE(face.at("face_confidence").get<double>(), 0);
  EXPECT_LE(face.at("face_confidence").get<double>(), 1);
}

TEST_F(ExportsTest, DeepFaceHasAnObjectForEachFace) {
  const auto faces = nlohmann::json::parse(text_of("deepface"));
  ASSERT_EQ(faces.size(), 5U);
  for (const auto& face : faces) expect_deepface_face(face);
  EXPECT_EQ(faces[1]["dominant_emotion"], "happy");
  EXPECT_EQ(faces[1]["region"], nlohmann::json({{"x", 10}, {"y", 20}, {"w", 40}, {"h", 50}}));
  EXPECT_EQ(faces[3]["frame"], 4);
  EXPECT_EQ(faces[3]["timestamp"], 0.3);
  EXPECT_EQ(faces[3]["person"], "Ada, Countess");
}

TEST_F(ExportsTest, DeepFaceOfOnePictureIsWhatAnalyzeReturns) {
  auto session = session_;
  session.rows.resize(2);  // the first frame's
  const auto faces = nlohmann::json::parse(text_of("deepface", session));
  ASSERT_EQ(faces.size(), 2U);
  for (const auto& face : faces) {
    expect_deepface_face(face);
    EXPECT_EQ(face.size(), 4U) << face;
  }
  session.rows = {testing::made_empty_row(1, 0, 8)};
  EXPECT_EQ(nlohmann::json::parse(text_of("deepface", session)), nlohmann::json::array());
}

TEST_F(ExportsTest, ElanHasTiersOfIntervals) {
  const auto table = parse(text_of("elan"), '\t');
  EXPECT_THAT(table.columns, ElementsAre("Tier", "Begin Time", "End Time", "Annotation"));
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : table.rows) {
    rows.push_back(
        {row.at("Tier"), row.at("Begin Time"), row.at("End Time"), row.at("Annotation")});
    EXPECT_LT(row.at("Begin Time"), row.at("End Time"));
  }
  using Line = std::vector<std::string>;
  EXPECT_THAT(rows,
              ElementsAre(Line{"P1 Ada, Countess", "00:00:00.000", "00:00:00.100", "neutral"},
                          Line{"P1 Ada, Countess", "00:00:00.300", "00:00:00.400", "happiness"},
                          Line{"markers", "00:00:00.100", "00:00:00.300", "question one"},
                          Line{"markers", "00:00:00.300", "00:00:00.800", "marker"},
                          Line{"events", "00:00:00.300", "00:00:00.800", "gap: 4 frames"}));
}

TEST_F(ExportsTest, JsonLinesHaveAnObjectARow) {
  std::istringstream in(text_of("jsonl"));
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(in, line);) rows.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(rows.size(), session_.rows.size());
  EXPECT_EQ(rows[1]["face_id"], 2);
  EXPECT_EQ(rows[1]["expressions"].size(), 8U);
  EXPECT_EQ(rows[1]["expressions"]["happiness"], 0.9);
  EXPECT_EQ(rows[1]["verdict"], "happiness");
  EXPECT_TRUE(rows[1]["reason"].is_null());
  EXPECT_EQ(rows[2]["reason"], "two labels close");
  EXPECT_FALSE(rows[3]["success"].get<bool>());
  EXPECT_FALSE(rows[3].contains("expressions"));
}

TEST_F(ExportsTest, AModelWithOtherWordsAndFewerLabelsFits) {
  auto session = session_;
  session.labels = {"sad", "Happy", "sleepy"};
  session.rows = {testing::made_row(1, 1, 0, {0.1F, 0.6F, 0.3F}, "Happy"),
                  testing::made_row(2, 1, 0.1, {std::nanf(""), std::nanf(""), std::nanf("")},
                                    sessions::kNotSure)};
  const auto pyfeat = parse(text_of("pyfeat", session));
  EXPECT_NEAR(value(pyfeat.rows[0], "Happy"), 0.6, 1e-6);
  EXPECT_EQ(pyfeat.rows[0].at("Anger"), "") << "the model does not know it";
  const auto faces = nlohmann::json::parse(text_of("deepface", session));
  EXPECT_EQ(faces[0]["dominant_emotion"], "happy");
  EXPECT_NEAR(faces[0]["emotion"]["happy"].get<double>(), 600.0 / 7, 0.001);
  EXPECT_EQ(faces[0]["emotion"]["fear"], 0);
  EXPECT_EQ(faces[1]["emotion"]["happy"], 0) << "no reading, no NaN in JSON";
  for (const auto& format : export_formats()) EXPECT_NE(text_of(format.id, session), "");
}

TEST_F(ExportsTest, ASessionOfNothingHasEmptyTables) {
  auto session = session_;
  session.rows.clear();
  session.events.clear();
  for (const char* format : {"openface", "pyfeat"}) {
    EXPECT_TRUE(parse(text_of(format, session)).rows.empty());
  }
  EXPECT_EQ(nlohmann::json::parse(text_of("deepface", session)), nlohmann::json::array());
  EXPECT_EQ(text_of("jsonl", session), "");
}

TEST_F(ExportsTest, FilesAreNewPrivateAndNeverWrittenOver) {
  const auto& format = export_format("pyfeat");
  const auto first = export_session(session_, format);
  EXPECT_EQ(first, root_ / "s" / "pyfeat.csv");
  const auto before = testing::contents(first);
  EXPECT_EQ(export_session(session_, format), root_ / "s" / "pyfeat_2.csv");
  EXPECT_EQ(export_session(session_, format), root_ / "s" / "pyfeat_3.csv");
  EXPECT_EQ(testing::contents(first), before);
  EXPECT_EQ(std::filesystem::status(first).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(export_session(session_, format, root_ / "mine.csv"), root_ / "mine.csv");
  EXPECT_THROW(export_session(session_, format, root_ / "missing" / "mine.csv"), base::Error);
}

TEST_F(ExportsTest, AnUnknownFormatListsTheKnownOnes) {
  try {
    export_format("excel");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("openface, pyfeat, facereader, deepface, elan, jsonl, xdf"));
  }
}

TEST_F(ExportsTest, EveryTableAndExportNamesTheFileOfAPicture) {
  auto requested = options("pictures");
  requested.source.kind = "folder";
  requested.video = false;
  const std::vector<std::string> names = {"a, \"b\".png", "nobody.jpg", "c.png"};
  {
    recording::SessionWriter writer(requested);
    for (int i = 0; i < 3; ++i) {
      std::vector<base::FaceReading> readings;
      if (i != 1) readings.push_back(testing::reading(i + 1, {9, 8, 7, 6}, {0.1F, 0.8F, 0.1F}));
      auto frame =
          testing::analysed(testing::picture({64, 48}, i), std::chrono::seconds(i), readings);
      auto own = std::make_shared<base::Frame>(*frame.frame);
      own->file = names[static_cast<std::size_t>(i)];
      frame.frame = std::move(own);
      writer.write(frame);
    }
    EXPECT_EQ(writer.close("end of input").problem, "");
  }
  const auto session = sessions::read_session(root_ / "pictures");
  EXPECT_EQ(session.labels, requested.model.labels);
  ASSERT_EQ(session.rows.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(session.rows[i].file, names[i]);
  EXPECT_FLOAT_EQ(session.rows[0].probabilities.at(1), 0.8F);
  EXPECT_EQ(session.rows[2].verdict, "happiness");
  for (const auto& format : export_formats()) {
    const auto text = testing::contents(export_session(session, format));
    EXPECT_THAT(text, HasSubstr("c.png")) << format.id;
    EXPECT_THAT(text, ::testing::AnyOf(HasSubstr("a, \"b\".png"), HasSubstr("a, \"\"b\"\".png"),
                                       HasSubstr("a, \\\"b\\\".png")))
        << format.id;
  }
}

}  // namespace
}  // namespace mien::reports
