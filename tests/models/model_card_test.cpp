#include "mien/models/model_card.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/models/model_files.hpp"

#include "support/model_folder.hpp"

namespace mien::models {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// The sentence that loading gives, or nothing when it succeeds.
template <typename Body>
std::string error_message(Body&& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(ModelCard, SoundOneIsReadWhole) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  document["output"]["temperature"] = 2;
  document["output"]["logit_offset"] = {0.5, 0, -1};
  folder.write("card.json", document.dump());
  const ModelCard card = load_model_card(folder.path());
  EXPECT_EQ(card.id, "test-model");
  EXPECT_EQ(card.task, ModelCard::Task::emotion);
  EXPECT_EQ(card.format, ModelCard::Format::onnx);
  EXPECT_EQ(card.input.width, 8);
  EXPECT_EQ(card.input.channels, ModelCard::Channels::gray);
  EXPECT_EQ(card.input.layout, ModelCard::Layout::nchw);
  EXPECT_FLOAT_EQ(card.rescale_factor, 1.0F / 255);
  EXPECT_THAT(card.image_mean, ElementsAre(0.5F));
  EXPECT_THAT(card.image_std, ElementsAre(0.25F));
  EXPECT_FLOAT_EQ(card.crop.margin, 0.1F);
  EXPECT_EQ(card.crop.align, ModelCard::Align::eyes);
  EXPECT_EQ(card.output.activation, ModelCard::Activation::logits);
  EXPECT_FLOAT_EQ(card.output.temperature, 2);
  EXPECT_THAT(card.output.logit_offset, ElementsAre(0.5F, 0, -1));
  EXPECT_THAT(card.labels, ElementsAre("neutral", "happiness", "surprise"));
  EXPECT_EQ(card.folder, folder.path());
  EXPECT_EQ(card.document, document);
  EXPECT_NO_THROW(verify_model_files(card));
}

TEST(ModelCard, MayAskForSeveralViewsOfAFace) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  folder.write("card.json", document.dump());
  EXPECT_TRUE(load_model_card(folder.path()).crop.views.empty());
  document["crop"]["views"] = {{{"side", 0.9}, {"right", 0.05}},
                               {{"down", -0.1}, {"mirrored", true}}};
  folder.write("card.json", document.dump());
  const auto views = load_model_card(folder.path()).crop.views;
  ASSERT_EQ(views.size(), 2U);
  EXPECT_FLOAT_EQ(views[0].side, 0.9F);
  EXPECT_FLOAT_EQ(views[0].right, 0.05F);
  EXPECT_FLOAT_EQ(views[0].down, 0);
  EXPECT_FALSE(views[0].mirrored);
  EXPECT_FLOAT_EQ(views[1].side, 1);
  EXPECT_FLOAT_EQ(views[1].right, 0);
  EXPECT_FLOAT_EQ(views[1].down, -0.1F);
  EXPECT_TRUE(views[1].mirrored);
}

TEST(ModelCard, NamesWhatTheNetworkSaysBesideItsLabels) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  document["output"]["covered"] = {{"name", "covered"}, {"above", 0.7}};
  document["output"]["unlike"] = {{"name", "distance"}, {"above", 12.5}};
  const ModelCard card = parse_model_card(document, "here");
  EXPECT_EQ(card.output.covered.name, "covered");
  EXPECT_FLOAT_EQ(card.output.covered.above, 0.7F);
  EXPECT_EQ(card.output.unlike.name, "distance");
  EXPECT_FLOAT_EQ(card.output.unlike.above, 12.5F);
}

TEST(ModelCard, NoLandmarksModelIsCalledNone) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  document["id"] = "none";
  EXPECT_EQ(parse_model_card(document, "here").id, "none");
  document["task"] = "landmarks";
  EXPECT_THAT(error_message([&] { parse_model_card(document, "here"); }),
              HasSubstr("cannot be \"none\", which says that faces are not measured"));
}

TEST(ModelCard, AReadingStandsInPlaceOfTheOutputsPrior) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  EXPECT_EQ(parse_model_card(document, "here").reading, "");
  EXPECT_THAT(error_message([&] { with_reading(parse_model_card(document, "here"), "acted"); }),
              HasSubstr("no readings"));

  document["output"]["temperature"] = 2;
  document["output"]["logit_offset"] = {1, 1, 1};
  document["readings"] = {{{"id", "everyday"}},
                          {{"id", "acted"},
                           {"name", "Acted on purpose"},
                           {"logit_offset", {-1, 0, 0.5}},
                           {"temperature", 0.5}}};
  const ModelCard card = parse_model_card(document, "here");
  EXPECT_EQ(card.default_reading, "everyday") << "the first one";
  EXPECT_EQ(card.reading, "everyday");
  EXPECT_EQ(reading_name(card), "everyday") << "a name may be left out";
  EXPECT_FLOAT_EQ(card.output.temperature, 2) << "the output's, where it has none of its own";
  EXPECT_THAT(card.output.logit_offset, ElementsAre(1, 1, 1));

  const ModelCard acted = with_reading(card, "acted");
  EXPECT_EQ(acted.reading, "acted");
  EXPECT_EQ(reading_name(acted), "Acted on purpose");
  EXPECT_FLOAT_EQ(acted.output.temperature, 0.5F);
  EXPECT_THAT(acted.output.logit_offset, ElementsAre(-1, 0, 0.5F));
  EXPECT_THAT(with_reading(acted, "everyday").output.logit_offset, ElementsAre(1, 1, 1));
  EXPECT_EQ(with_reading(acted, "").reading, "acted");
  EXPECT_THAT(error_message([&] { with_reading(card, "ranting"); }),
              AllOf(HasSubstr("\"ranting\""), HasSubstr("everyday, acted")));

  document["readings"][1]["default"] = true;
  EXPECT_EQ(parse_model_card(document, "here").reading, "acted");
  EXPECT_FLOAT_EQ(parse_model_card(document, "here").output.temperature, 0.5F);
}

TEST(ModelCard, WhatMayBeLeftOutHasItsDefault) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  for (const char* key : {"version", "license", "source", "rescale_factor", "image_mean",
                          "image_std", "crop", "limitations"}) {
    document.erase(key);
  }
  document["input"]["channels"] = "rgb";
  document["input"].erase("layout");
  const ModelCard card = parse_model_card(document, "here");
  EXPECT_FLOAT_EQ(card.rescale_factor, 1);
  EXPECT_THAT(card.image_mean, ElementsAre(0, 0, 0));
  EXPECT_THAT(card.image_std, ElementsAre(1, 1, 1));
  EXPECT_EQ(card.crop.align, ModelCard::Align::none);
  EXPECT_FLOAT_EQ(card.output.temperature, 1);
  EXPECT_TRUE(card.output.logit_offset.empty());
}

struct Broken {
  const char* name;
  std::function<void(json&)> breaking;
  const char* named;  // what the sentence must name
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

class BrokenCard : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenCard, IsRefusedWithASentenceThatNamesTheKey) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  ASSERT_NO_THROW(parse_model_card(document, "here"));
  GetParam().breaking(document);
  folder.write("card.json", document.dump());
  const auto said = error_message([&] { load_model_card(folder.path()); });
  EXPECT_THAT(said, HasSubstr(GetParam().named));
  EXPECT_THAT(said, HasSubstr((folder / "card.json").string()));
}

Broken missing(const char* key) {
  return {key, [key](json& card) { card.erase(key); }, key};
}

INSTANTIATE_TEST_SUITE_P(
    FeaturesOfAForest, BrokenCard,
    ::testing::Values(
        Broken{"embedding", [](json& c) { c["output"]["embedding"] = 1; }, "output.embedding"},
        Broken{"features", [](json& c) { c["features"] = "pixels"; }, "features"},
        Broken{"kind",
               [](json& c) {
                 c["features"] = {{"kind", "hog"}};
               },
               "features.kind"},
        Broken{"no model",
               [](json& c) {
                 c["features"] = {{"kind", "embedding"}};
               },
               "features.model"},
        Broken{"hash",
               [](json& c) {
                 c["features"] = {{"kind", "embedding"}, {"model", "m"}, {"sha256", "00"}};
               },
               "features.sha256"}));

TEST(ModelCard, ForestSaysWhatItJudgesBy) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "trees");
  document["format"] = "opencv-forest";
  EXPECT_EQ(parse_model_card(document, "here").features.kind, ModelCard::FeatureKind::pixels);
  EXPECT_EQ(parse_model_card(document, "here").output.embedding, "");
  document["features"] = {
      {"kind", "embedding"}, {"model", "net"}, {"sha256", std::string(64, 'a')}};
  document["output"]["embedding"] = "/pool";
  const ModelCard card = parse_model_card(document, "here");
  EXPECT_EQ(card.features.kind, ModelCard::FeatureKind::embedding);
  EXPECT_EQ(card.features.model, "net");
  EXPECT_EQ(card.features.sha256, std::string(64, 'a'));
  EXPECT_EQ(card.output.embedding, "/pool");
}

INSTANTIATE_TEST_SUITE_P(MissingKey, BrokenCard,
                         ::testing::Values(missing("schema_version"), missing("id"),
                                           missing("name"), missing("task"), missing("format"),
                                           missing("files"), missing("input"),
                                           missing("output"), missing("id2label")));

INSTANTIATE_TEST_SUITE_P(
    MissingInside, BrokenCard,
    ::testing::Values(
        Broken{"width", [](json& c) { c["input"].erase("width"); }, "input.width"},
        Broken{"height", [](json& c) { c["input"].erase("height"); }, "input.height"},
        Broken{"channels", [](json& c) { c["input"].erase("channels"); }, "input.channels"},
        Broken{"activation", [](json& c) { c["output"].erase("activation"); },
               "output.activation"},
        Broken{"file name", [](json& c) { c["files"][0].erase("name"); }, "files[0].name"},
        Broken{"file size", [](json& c) { c["files"][0].erase("size"); }, "files[0].size"},
        Broken{"file hash", [](json& c) { c["files"][0].erase("sha256"); },
               "files[0].sha256"}));

INSTANTIATE_TEST_SUITE_P(
    WrongType, BrokenCard,
    ::testing::Values(
        Broken{"the whole", [](json& c) { c = json::array({1}); }, "must be an object"},
        Broken{"schema", [](json& c) { c["schema_version"] = "1"; }, "schema_version"},
        Broken{"id", [](json& c) { c["id"] = 7; }, "\"id\""},
        Broken{"name", [](json& c) { c["name"] = json::array(); }, "\"name\""},
        Broken{"version", [](json& c) { c["version"] = 1; }, "version"},
        Broken{"files", [](json& c) { c["files"] = "model.onnx"; }, "files"},
        Broken{"a file", [](json& c) { c["files"] = {"model.onnx"}; }, "files"},
        Broken{"file size", [](json& c) { c["files"][0]["size"] = "12"; }, "files[0].size"},
        Broken{"input", [](json& c) { c["input"] = 48; }, "input"},
        Broken{"width", [](json& c) { c["input"]["width"] = 8.5; }, "input.width"},
        Broken{"rescale", [](json& c) { c["rescale_factor"] = "1/255"; }, "rescale_factor"},
        Broken{"mean", [](json& c) { c["image_mean"] = 0.5; }, "image_mean"},
        Broken{"mean's number", [](json& c) { c["image_mean"] = {"half"}; }, "image_mean"},
        Broken{"crop", [](json& c) { c["crop"] = 0.1; }, "crop"},
        Broken{"offset", [](json& c) { c["output"]["logit_offset"] = "none"; },
               "output.logit_offset"},
        Broken{"labels",
               [](json& c) {
                 c["id2label"] = {"neutral", "happiness"};
               },
               "id2label"},
        Broken{"a label", [](json& c) { c["id2label"]["1"] = 1; }, "id2label"},
        Broken{"options", [](json& c) { c["options"] = 1; }, "options"}));

INSTANTIATE_TEST_SUITE_P(
    WrongValue, BrokenCard,
    ::testing::Values(
        Broken{"a later schema", [](json& c) { c["schema_version"] = 2; }, "schema_version"},
        Broken{"an id like a path", [](json& c) { c["id"] = "../other"; }, "\"id\""},
        Broken{"an empty name", [](json& c) { c["name"] = ""; }, "\"name\""},
        Broken{"a task", [](json& c) { c["task"] = "gender"; }, "task"},
        Broken{"a format", [](json& c) { c["format"] = "pickle"; }, "format"},
        Broken{"no file", [](json& c) { c["files"] = json::array(); }, "files"},
        Broken{"a negative size", [](json& c) { c["files"][0]["size"] = -1; }, "files[0].size"},
        Broken{"a short hash", [](json& c) { c["files"][0]["sha256"] = "abc"; },
               "files[0].sha256"},
        Broken{"a file above", [](json& c) { c["files"][0]["name"] = "../x"; },
               "files[0].name"},
        Broken{"a file elsewhere", [](json& c) { c["files"][0]["name"] = "/etc/passwd"; },
               "files[0].name"},
        Broken{"a file below", [](json& c) { c["files"][0]["name"] = "a/b"; }, "files[0].name"},
        Broken{"the folder itself", [](json& c) { c["files"][0]["name"] = ".."; },
               "files[0].name"},
        Broken{"a width of 0", [](json& c) { c["input"]["width"] = 0; }, "input.width"},
        Broken{"a negative height", [](json& c) { c["input"]["height"] = -48; },
               "input.height"},
        Broken{"a vast width", [](json& c) { c["input"]["width"] = 1 << 20; }, "input.width"},
        Broken{"channels", [](json& c) { c["input"]["channels"] = "cmyk"; }, "input.channels"},
        Broken{"a layout", [](json& c) { c["input"]["layout"] = "hwc"; }, "input.layout"},
        Broken{"a rescale of 0", [](json& c) { c["rescale_factor"] = 0; }, "rescale_factor"},
        Broken{"means for colours",
               [](json& c) {
                 c["image_mean"] = {1, 2, 3};
               },
               "image_mean"},
        Broken{"deviations for colours",
               [](json& c) {
                 c["image_std"] = {1, 2, 3};
               },
               "image_std"},
        Broken{"a deviation of 0", [](json& c) { c["image_std"] = json::array({0}); },
               "image_std"},
        Broken{"a deviation that rounds to 0",
               [](json& c) { c["image_std"] = json::array({1e-60}); }, "image_std"},
        Broken{"a mean beyond floats", [](json& c) { c["image_mean"] = json::array({1e300}); },
               "image_mean"},
        Broken{"a margin below", [](json& c) { c["crop"]["margin"] = -0.5; }, "crop.margin"},
        Broken{"an alignment", [](json& c) { c["crop"]["align"] = "nose"; }, "crop.align"},
        Broken{"no view", [](json& c) { c["crop"]["views"] = json::array(); }, "crop.views"},
        Broken{"seventeen views",
               [](json& c) {
                 for (int i = 0; i < 17; ++i) c["crop"]["views"].push_back({{"side", 1}});
               },
               "crop.views"},
        Broken{"a view from afar",
               [](json& c) {
                 c["crop"]["views"] = {{{"side", 1}}, {{"side", 3}}};
               },
               "crop.views[1].side"},
        Broken{"a view beside the face",
               [](json& c) { c["crop"]["views"] = {{{"right", 0.6}}}; },
               "crop.views[0].right"},
        Broken{"a view below the face",
               [](json& c) { c["crop"]["views"] = {{{"down", "a little"}}}; },
               "crop.views[0].down"},
        Broken{"a view half in a mirror",
               [](json& c) { c["crop"]["views"] = {{{"mirrored", "half"}}}; },
               "crop.views[0].mirrored"},
        Broken{"an activation", [](json& c) { c["output"]["activation"] = "relu"; },
               "output.activation"},
        Broken{"a temperature of 0", [](json& c) { c["output"]["temperature"] = 0; },
               "output.temperature"},
        Broken{"too few offsets",
               [](json& c) {
                 c["output"]["logit_offset"] = {1, 2};
               },
               "output.logit_offset"},
        Broken{"a gap in the labels",
               [](json& c) {
                 c["id2label"].erase("1");
                 c["id2label"]["5"] = "fear";
               },
               "id2label"},
        Broken{"labels from 1",
               [](json& c) {
                 c["id2label"] = {{"1", "neutral"}, {"2", "fear"}};
               },
               "id2label"},
        Broken{"one label",
               [](json& c) {
                 c["id2label"] = {{"0", "neutral"}};
               },
               "id2label"},
        Broken{"no label", [](json& c) { c["id2label"] = json::object(); }, "id2label"},
        Broken{"covered without a name",
               [](json& c) { c["output"]["covered"] = {{"above", 0.5}}; },
               "output.covered.name"},
        Broken{"covered by more than all",
               [](json& c) { c["output"]["covered"] = {{"name", "c"}, {"above", 1.5}}; },
               "output.covered.above"},
        Broken{"covered without a limit",
               [](json& c) { c["output"]["covered"] = {{"name", "c"}}; },
               "output.covered.above"},
        Broken{"covered as a word", [](json& c) { c["output"]["covered"] = "covered"; },
               "\"output.covered\" must be an object."},
        Broken{"unlike as a list", [](json& c) { c["output"]["unlike"] = {1}; },
               "\"output.unlike\" must be an object."},
        Broken{"a distance below nothing",
               [](json& c) { c["output"]["unlike"] = {{"name", "d"}, {"above", -1}}; },
               "output.unlike.above"},
        Broken{"two outputs and no name of the first",
               [](json& c) {
                 c["output"]["unlike"] = {{"name", "d"}, {"above", 1}};
                 c["output"].erase("name");
               },
               "output.name"},
        Broken{"a forest that says it is covered",
               [](json& c) {
                 c["format"] = "opencv-forest";
                 c["output"]["covered"] = {{"name", "c"}, {"above", 0.5}};
               },
               "output"},
        Broken{"readings as a word", [](json& c) { c["readings"] = "acted"; }, "readings"},
        Broken{"no reading", [](json& c) { c["readings"] = json::array(); }, "readings"},
        Broken{"too many readings",
               [](json& c) {
                 for (int i = 0; i < 17; ++i) c["readings"].push_back({{"id", std::to_string(i)}});
               },
               "readings"},
        Broken{"a reading that is a word", [](json& c) { c["readings"] = {"acted"}; },
               "readings[0]"},
        Broken{"a reading without a word for it",
               [](json& c) { c["readings"] = {{{"name", "Acted"}}}; }, "readings[0].id"},
        Broken{"a reading with a blank", [](json& c) { c["readings"] = {{{"id", "on purpose"}}}; },
               "readings[0].id"},
        Broken{"a reading twice",
               [](json& c) { c["readings"] = {{{"id", "a"}}, {{"id", "a"}}}; },
               "readings[1].id"},
        Broken{"a reading with a bell",
               [](json& c) { c["readings"] = {{{"id", "a"}, {"name", "a\a"}}}; },
               "readings[0].name"},
        Broken{"a reading with a long name",
               [](json& c) { c["readings"] = {{{"id", "a"}, {"name", std::string(61, 'a')}}}; },
               "readings[0].name"},
        Broken{"a reading of other labels",
               [](json& c) { c["readings"] = {{{"id", "a"}, {"logit_offset", {0, 1}}}}; },
               "readings[0].logit_offset"},
        Broken{"a reading without warmth",
               [](json& c) { c["readings"] = {{{"id", "a"}, {"temperature", 0}}}; },
               "readings[0].temperature"},
        Broken{"two defaults",
               [](json& c) {
                 c["readings"] = {{{"id", "a"}, {"default", true}},
                                  {{"id", "b"}, {"default", true}}};
               },
               "readings[1].default"},
        Broken{"a default that is a word",
               [](json& c) { c["readings"] = {{{"id", "a"}, {"default", "yes"}}}; },
               "readings[0].default"},
        Broken{"a label twice", [](json& c) { c["id2label"]["1"] = "neutral"; }, "id2label"}));

TEST(ModelCard, FileThatIsNoJsonIsNamed) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("card.json", "{\"id\": \"x\", ");
  EXPECT_THAT(error_message([&] { load_model_card(folder.path()); }), HasSubstr(file.string()));
  folder.write("card.json", "");
  EXPECT_THAT(error_message([&] { load_model_card(folder.path()); }), HasSubstr(file.string()));
  folder.write("card.json", std::string(200'000, '['));
  EXPECT_THAT(error_message([&] { load_model_card(folder.path()); }), HasSubstr(file.string()));
  EXPECT_THAT(error_message([&] { load_model_card(folder / "none"); }), HasSubstr("none"));
}

TEST(ModelCard, FilesMustBeTheOnesThatItNames) {
  const testing::TemporaryFolder folder;
  const json document = testing::emotion_card(folder, "weights");
  ModelCard card = parse_model_card(document, "here");
  card.folder = folder.path();
  EXPECT_EQ(error_message([&] { verify_model_files(card); }), "");
  EXPECT_THAT(read_model_files(card), ElementsAre(Pair("model.onnx", "weights")));

  const auto file = folder.write("model.onnx", "weightz");
  EXPECT_THAT(error_message([&] { verify_model_files(card); }), HasSubstr("SHA-256"));
  EXPECT_THAT(error_message([&] { verify_model_files(card); }), HasSubstr(file.string()));
  EXPECT_THAT(error_message([&] { read_model_files(card); }), HasSubstr("SHA-256"));
  folder.write("model.onnx", "weights and more");
  EXPECT_THAT(error_message([&] { verify_model_files(card); }), HasSubstr("16 bytes"));
  EXPECT_THAT(error_message([&] { read_model_files(card); }), HasSubstr("16 bytes"));
  std::filesystem::remove(file);
  EXPECT_THAT(error_message([&] { verify_model_files(card); }), HasSubstr("lacks its file"));
  EXPECT_THAT(error_message([&] { read_model_files(card); }), HasSubstr("lacks its file"));
  std::filesystem::create_directory(file);
  EXPECT_NE(error_message([&] { verify_model_files(card); }), "");
}

TEST(ModelCard, DetectorsCardNeedsNoLabels) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  document["task"] = "face";
  document["architecture"] = "yunet";
  document["options"] = {{"score_threshold", 0.7}};
  document.erase("id2label");
  document.erase("output");
  const ModelCard card = parse_model_card(document, "here");
  EXPECT_EQ(card.task, ModelCard::Task::face);
  EXPECT_EQ(card.architecture, "yunet");
  EXPECT_EQ(card.options.at("score_threshold"), 0.7);
  EXPECT_TRUE(card.labels.empty());
}

TEST(ModelCard, MovementsHaveLabelsAndNoActivation) {
  const testing::TemporaryFolder folder;
  json document = testing::emotion_card(folder, "weights");
  document["task"] = "movements";
  document["output"] = {{"name", "strengths"}};
  document["id2label"] = {{"0", "jaw_drop"}};
  const ModelCard card = parse_model_card(document, "here");
  EXPECT_EQ(card.task, ModelCard::Task::movements);
  EXPECT_STREQ(to_string(card.task), "movements");
  EXPECT_THAT(card.labels, ElementsAre("jaw_drop"));
  EXPECT_EQ(card.output.name, "strengths");
  document.erase("output");
  EXPECT_EQ(parse_model_card(document, "here").output.name, "");
  document.erase("id2label");
  EXPECT_THAT(error_message([&] { parse_model_card(document, "here"); }),
              HasSubstr("\"id2label\" is missing"));
}

TEST(ModelCard, OneThatWouldExhaustMemoryOrStackIsRefused) {
  const testing::TemporaryFolder folder;
  const auto refusal = [&](const std::string& content) {
    folder.write("card.json", content);
    return error_message([&] { load_model_card(folder.path()); });
  };
  EXPECT_THAT(refusal(std::string(500'000, '[')), HasSubstr("too deep"));
  EXPECT_THAT(refusal(std::string(2'000'000, ' ')), HasSubstr("larger than 1 MiB"));
}

TEST(ModelCard, LabelsThatTablesOrLinesCannotHoldAreRefused) {
  const testing::TemporaryFolder folder;
  const auto refusal = [&](const std::string& label) {
    json document = testing::emotion_card(folder, "weights");
    document["id2label"]["1"] = label;
    return error_message([&] { parse_model_card(document, "here"); });
  };
  for (const char* label :
       {"happy\nface", "happy\rface", "tab\t",   "\x1B[31mred", "\x7F",    "a\u0085b",
        "a\u2028b",    "\u202Egnp",   "\u2066x", " happy",      "happy ",  "not sure",
        "Not Sure",    "x",           "W",       "frame",       "face_id", "timestamp",
        "verdict",     "reason",      "valence", "certainty",   "success"}) {
    EXPECT_THAT(refusal(label), HasSubstr("id2label")) << label;
  }
  EXPECT_THAT(refusal(std::string(65, 'a')), HasSubstr("longer than 64"));
  for (const char* label : {"Glück", "喜び", "calm, or bored", "very \"happy\"", "=1+1", "O"}) {
    EXPECT_EQ(refusal(label), "") << label;
  }
  json document = testing::emotion_card(folder, "weights");
  for (int i = 0; i < 300; ++i) {
    document["id2label"][std::to_string(i)] = "label " + std::to_string(i);
  }
  EXPECT_THAT(error_message([&] { parse_model_card(document, "here"); }),
              HasSubstr("256 labels"));
}

}  // namespace
}  // namespace mien::models
