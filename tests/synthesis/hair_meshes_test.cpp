#include "mien/synthesis/hair_meshes.hpp"

#include <fstream>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <unistd.h>

#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rendered_face.hpp"
#include "mien/synthesis/rendered_set.hpp"

namespace mien::synthesis {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const HeadData& head() {
  static const HeadData the_one =
      read_head(std::filesystem::path(MIEN_SOURCE_DIR) / "assets/head/head.bin");
  return the_one;
}

bool is_scalp(const cv::Point3f& p) { return p.y > 0.75F; }
bool is_brow(const cv::Point3f& p) {
  const float x = std::abs(p.x);
  return p.z > -0.1F && p.y > 0.08F && p.y < 0.22F && x > 0.12F && x < 0.5F;
}

/// The head's own triangles of a region, moved off it.
json copy_of(bool (*region)(const cv::Point3f&), const cv::Point3f& off) {
  json mesh = {
      {"ref_vIdxs", json::array()}, {"weights", json::array()},
      {"offsets", json::array()},   {"faces", json::array()},
      {"uvs", {{0.25, 0.25}}},      {"materials", {{{"mapDiffuse", "textures/x.png"}}}}};
  std::map<std::uint16_t, int> own;
  for (std::size_t t = 0; t < head().triangles.size(); ++t) {
    const auto& corners = head().triangles[t];
    if (head().parts[t] != HeadPart::skin) continue;
    if (!std::ranges::all_of(corners, [&](auto v) { return region(head().positions[v]); })) {
      continue;
    }
    mesh["faces"].push_back(10);  // three corners, a material, points of the texture
    for (const auto v : corners) {
      const auto [found, is_new] = own.try_emplace(v, static_cast<int>(own.size()));
      mesh["faces"].push_back(found->second);
      if (!is_new) continue;
      const int body = head().origins[v];
      mesh["ref_vIdxs"].push_back({body, body, body});
      mesh["weights"].push_back({0.5, 0.25, 0.25});
      mesh["offsets"].push_back({off.x, off.y, off.z});
    }
    for (const int more : {0, 0, 0, 0}) mesh["faces"].push_back(more);
  }
  return mesh;
}

json cap() { return copy_of(is_scalp, {0, 0.12F, 0}); }

class HairMeshesTest : public ::testing::Test {
 protected:
  ~HairMeshesTest() override { std::filesystem::remove_all(package_); }

  std::filesystem::path folder(const std::string& kind, const std::string& name) const {
    return package_ / "public/data/proxies" / kind / name;
  }
  void add(const std::string& name, const std::string& text,
           const std::string& kind = "hair") const {
    std::filesystem::create_directories(folder(kind, name) / "textures");
    std::ofstream(folder(kind, name) / (name + ".json")) << text;
    const cv::Mat picture(64, 64, CV_8UC4, cv::Scalar(90, 90, 90, 255));
    cv::imwrite((folder(kind, name) / "textures/x.png").string(), picture);
  }
  HairMeshes read() const { return read_hair_meshes(package_, head()); }

  std::filesystem::path package_ =
      std::filesystem::temp_directory_path() / ("mien-hair-" + std::to_string(::getpid()));
};

/// Somebody who wears these meshes.
FaceLook wearer(const std::vector<HairMesh>& meshes) {
  FaceLook look;
  look.hair_style = HairStyle::short_hair;
  for (look.seed = 1; look.seed < 200; ++look.seed) {
    if (worn_hair(meshes, look)[static_cast<std::size_t>(meshes.front().kind)]) break;
  }
  return look;
}

RenderParameters portrait(const FaceLook& look, int size = 96) {
  RenderParameters parameters;
  parameters.look = look;
  parameters.size = size;
  parameters.expression.weights.assign(movements().size(), 0.F);
  return parameters;
}

TEST_F(HairMeshesTest, APackageWithoutHairIsNoProblem) {
  EXPECT_TRUE(read().meshes.empty());
  std::filesystem::create_directories(package_ / "public/data/skins");
  EXPECT_TRUE(read().meshes.empty());
  EXPECT_EQ(read().problem, "");
}

TEST_F(HairMeshesTest, AMeshLiesWhereItsFileSays) {
  add("cap", cap().dump());
  const auto [meshes, problem] = read();
  EXPECT_EQ(problem, "");
  ASSERT_EQ(meshes.size(), 1U);
  EXPECT_EQ(meshes[0].name, "cap");
  EXPECT_EQ(meshes[0].kind, HairKind::hair);
  ASSERT_GT(meshes[0].triangles.size(), 20U);
  ASSERT_EQ(meshes[0].places.size(), meshes[0].vertices.size());
  for (std::size_t i = 0; i < meshes[0].places.size(); ++i) {
    const auto& own = head().positions[meshes[0].vertices[i].head[0]];
    EXPECT_NEAR(meshes[0].places[i].y, own.y + 0.12F, 1e-4);
    EXPECT_NEAR(meshes[0].places[i].x, own.x, 1e-4);
  }
  EXPECT_GT(meshes[0].lowest, 0.6F);
  EXPECT_EQ(meshes[0].solid.size(), meshes[0].triangles.size());
}

TEST_F(HairMeshesTest, TheKindIsThePlace) {
  add("brow", copy_of(is_brow, {0, 0, 0.02F}).dump(), "eyebrows");
  add("lash", copy_of(is_brow, {0, 0, 0.02F}).dump(), "eyelashes");
  add("lip", copy_of(
                 [](const cv::Point3f& p) {
                   return p.z > 0 && p.y < -0.4F && p.y > -0.7F && std::abs(p.x) < 0.4F;
                 },
                 {0, 0, 0.02F})
                 .dump());
  add("jaw",
      copy_of([](const cv::Point3f& p) { return p.z > -0.6F && p.y < -0.2F && p.y > -1.2F; },
              {0, 0, 0.02F})
          .dump());
  add("cap", cap().dump());
  const auto meshes = read().meshes;
  std::map<std::string, HairKind> kinds;
  for (const auto& mesh : meshes) kinds[mesh.name] = mesh.kind;
  EXPECT_EQ(kinds, (std::map<std::string, HairKind>{{"brow", HairKind::brows},
                                                    {"lash", HairKind::lashes},
                                                    {"lip", HairKind::moustache},
                                                    {"jaw", HairKind::beard},
                                                    {"cap", HairKind::hair}}));
}

TEST_F(HairMeshesTest, WhatIsDamagedIsLeftOutWithOneSentence) {
  const std::string good = cap().dump();
  const auto changed = [](const std::function<void(json&)>& change) {
    json mesh = cap();
    change(mesh);
    return mesh.dump();
  };
  std::string huge = good;
  huge.replace(huge.find("0.25"), 4, "1e999");
  const std::map<std::string, std::string> damaged = {
      {"empty", ""},
      {"no-object", "[1, 2"},
      {"cut", good.substr(0, good.size() / 2)},
      {"too-far", huge},
      {"deep", std::string(100'000, '[')},
      {"far-body", changed([](json& m) {
         m["ref_vIdxs"][3] = {1, 2, 70000};
       })},
      {"negative-body", changed([](json& m) {
         m["ref_vIdxs"][3] = {1, 2, -1};
       })},
      {"half-body", changed([](json& m) {
         m["ref_vIdxs"][3] = {1, 2, 2.5};
       })},
      {"far-corner", changed([](json& m) { m["faces"][1] = 100'000; })},
      {"far-point", changed([](json& m) { m["faces"][6] = 1; })},
      {"other-faces", changed([](json& m) { m["faces"][0] = 2; })},
      {"cut-faces", changed([](json& m) { m["faces"].erase(m["faces"].size() - 1); })},
      {"no-faces", changed([](json& m) { m["faces"] = json::array(); })},
      {"no-uvs", changed([](json& m) { m["uvs"] = json::array(); })},
      {"short-weights", changed([](json& m) { m["weights"].erase(0); })},
      {"heavy", changed([](json& m) {
         m["weights"][2] = {1e6, 0, 0};
       })},
      {"away", changed([](json& m) {
         m["offsets"][2] = {0, -1e30, 0};
       })},
      {"no-picture", changed([](json& m) { m.erase("materials"); })},
      {"outside", changed([](json& m) {
         m["materials"][0]["mapDiffuse"] = "../../../../../secret.png";
       })}};
  for (const auto& [name, text] : damaged) add(name, text);
  add("blank", good);
  std::ofstream(folder("hair", "blank") / "textures/x.png", std::ios::trunc) << "no picture";
  add("missing", good);
  std::filesystem::remove(folder("hair", "missing") / "textures/x.png");
  add("transparent", good);
  cv::imwrite((folder("hair", "transparent") / "textures/x.png").string(),
              cv::Mat(8, 8, CV_8UC4, cv::Scalar::all(0)));
  add("opaque", good);
  cv::imwrite((folder("hair", "opaque") / "textures/x.png").string(),
              cv::Mat(8, 8, CV_8UC3, cv::Scalar::all(99)));
  add("giant", good);
  {  // says that it is 2 billion points wide
    std::fstream file(folder("hair", "giant") / "textures/x.png",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(16);
    file.write("\x7F\xFF\xFF\xFF", 4);
  }
  add("good", good);
  const auto [meshes, problem] = read();
  ASSERT_EQ(meshes.size(), 1U);
  EXPECT_EQ(meshes[0].name, "good");
  for (const auto& each : damaged) EXPECT_THAT(problem, HasSubstr(each.first));
  for (const char* name : {"blank", "missing", "transparent", "opaque", "giant"}) {
    EXPECT_THAT(problem, HasSubstr(name));
  }
  EXPECT_THAT(problem, Not(HasSubstr("good")));
  EXPECT_EQ(std::ranges::count(problem, '\n'), 0);
}

TEST_F(HairMeshesTest, WhatHangsOnTheBodyHangsOnTheHeadInstead) {
  json mesh = cap();
  const int last = *std::ranges::max_element(head().origins);
  int dropped = 0;
  while (std::ranges::find(head().origins, dropped) != head().origins.end()) ++dropped;
  mesh["ref_vIdxs"][0] = {dropped, dropped, dropped};
  mesh["offsets"][0] = {0, 0.5, 0};
  add("low", mesh.dump());
  EXPECT_TRUE(read().meshes.empty());
  EXPECT_THAT(read().problem, HasSubstr("low"));

  // The whole body, two metres up, as the package has it.
  std::vector<float> body;
  for (int v = 0; v <= last; ++v) {
    const auto own = std::ranges::find(head().origins, v);
    const auto at =
        own == head().origins.end()
            ? cv::Point3f(0.2F, -1, -0.8F)
            : head().positions[static_cast<std::size_t>(own - head().origins.begin())];
    body.insert(body.end(), {at.x, at.y + 20, at.z});
  }
  std::filesystem::create_directories(package_ / "public/data/models");
  std::ofstream(package_ / "public/data/models/human_full_size.json")
      << json{{"vertices", body}}.dump();
  const auto [meshes, problem] = read();
  EXPECT_EQ(problem, "");
  ASSERT_EQ(meshes.size(), 1U);
  bool found = false;
  for (std::size_t i = 0; i < meshes[0].places.size(); ++i) {
    const cv::Point3f off = meshes[0].places[i] - cv::Point3f(0.2F, -0.5F, -0.8F);
    if (off.dot(off) > 1e-5F) continue;
    found = true;
    const auto& vertex = meshes[0].vertices[i];
    cv::Point3f at = vertex.offset;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_GE(vertex.shares[k], 0);
      at += head().positions[vertex.head[k]] * vertex.shares[k];
    }
    EXPECT_NEAR(at.x, 0.2F, 1e-3);
    EXPECT_NEAR(at.y, -0.5F, 1e-3);
  }
  EXPECT_TRUE(found);
}

TEST_F(HairMeshesTest, WhatWouldHideOrChangeAnExpressionIsLeftOut) {
  const auto eye = [](const cv::Point3f& p) {
    return p.z > -0.1F && std::abs(p.y) < 0.3F && p.x > 0.1F && p.x < 0.55F;
  };
  // In front of an eye, and a piece of scalp, so that it is no beard.
  json fringe = copy_of(eye, {0, 0, 0.4F});
  EXPECT_GT(fringe["faces"].size(), 100U);
  add("fringe", fringe.dump());
  json angry = copy_of(is_brow, {0, 0, 0.02F});
  for (std::size_t i = 0; i < angry["offsets"].size(); ++i) {
    for (std::size_t v = 0; v < head().origins.size(); ++v) {
      if (head().origins[v] != angry["ref_vIdxs"][i][0]) continue;
      angry["offsets"][i][1] = 0.4 * (std::abs(head().positions[v].x) - 0.3);
    }
  }
  add("angry", angry.dump(), "eyebrows");
  add("calm", copy_of(is_brow, {0, 0, 0.02F}).dump(), "eyebrows");
  const auto [meshes, problem] = read();
  EXPECT_EQ(problem, "");
  ASSERT_EQ(meshes.size(), 1U);
  EXPECT_EQ(meshes[0].name, "calm");
}

TEST_F(HairMeshesTest, HalfOfThoseWhomItFitsWearIt) {
  add("cap", cap().dump());
  const auto meshes = read().meshes;
  const auto share = [&](HairStyle style, Hat hat) {
    int wearing = 0;
    for (std::uint64_t person = 0; person < 400; ++person) {
      FaceLook look;
      look.seed = person * 0x9E3779B97F4A7C15ULL;
      look.hair_style = style;
      look.hat = hat;
      const auto worn = worn_hair(meshes, look);
      EXPECT_EQ(worn, worn_hair(meshes, look));
      wearing += worn[0] != nullptr ? 1 : 0;
      for (std::size_t kind = 1; kind < kHairKinds; ++kind) EXPECT_EQ(worn[kind], nullptr);
    }
    return wearing / 400.0;
  };
  EXPECT_NEAR(share(HairStyle::short_hair, Hat::none), 0.5, 0.1);
  EXPECT_NEAR(share(HairStyle::full, Hat::none), 0.5, 0.1);
  EXPECT_EQ(share(HairStyle::short_hair, Hat::cap), 0);
  EXPECT_EQ(share(HairStyle::short_hair, Hat::beanie), 0);
  EXPECT_EQ(share(HairStyle::long_hair, Hat::none), 0) << "it is short";
  EXPECT_EQ(share(HairStyle::bald, Hat::none), 0);
  EXPECT_EQ(share(HairStyle::receding, Hat::none), 0);
}

TEST_F(HairMeshesTest, HairHasTheColourOfItsWearerAndIsNamed) {
  add("cap", copy_of(is_scalp, {0, 0.3F, 0}).dump());
  const auto meshes = read().meshes;
  ASSERT_EQ(meshes.size(), 1U);
  const FaceRenderer plain(head()), worn(head(), {}, meshes);
  auto parameters = portrait(wearer(meshes));
  parameters.camera.face_height = 0.45F;
  parameters.backdrop.kind = BackdropKind::plain;
  parameters.backdrop.first = {0, 0, 0.5F};
  parameters.look.hair = {0.5F, 0.02F, 0.02F};
  const auto before = plain.render(parameters), after = worn.render(parameters);
  EXPECT_FALSE(before.meshes);
  ASSERT_TRUE(after.meshes);
  EXPECT_EQ((*after.meshes)[0], "cap");
  EXPECT_EQ((*after.meshes)[1], "");
  // Where the backdrop was is red hair now.
  int red = 0;
  for (int y = 0; y < parameters.size; ++y) {
    for (int x = 0; x < parameters.size; ++x) {
      const auto &was = before.picture.at<cv::Vec3b>(y, x),
                 &is = after.picture.at<cv::Vec3b>(y, x);
      red += was[0] > was[2] + 40 && is[2] > is[0] + 40 ? 1 : 0;
    }
  }
  EXPECT_GT(red, 60);
  EXPECT_EQ(cv::norm(after.picture, worn.render(parameters).picture, cv::NORM_INF), 0);
  // Others have the bytes that they have without meshes.
  parameters.look.hat = Hat::beanie;
  EXPECT_EQ(
      cv::norm(plain.render(parameters).picture, worn.render(parameters).picture, cv::NORM_INF),
      0);
}

TEST_F(HairMeshesTest, ThinHairLetsWhatIsBehindShowThrough) {
  add("cap", copy_of(is_scalp, {0, 0.3F, 0}).dump());
  const auto picture = [&](int alpha) {
    cv::imwrite((folder("hair", "cap") / "textures/x.png").string(),
                cv::Mat(64, 64, CV_8UC4, cv::Scalar(90, 90, 90, alpha)));
    const auto meshes = read().meshes;
    const FaceRenderer renderer(head(), {}, meshes);
    auto parameters = portrait(wearer(meshes));
    parameters.look.hair = {0.01F, 0.01F, 0.01F};
    parameters.camera.face_height = 0.45F;
    parameters.backdrop.kind = BackdropKind::plain;
    parameters.backdrop.first = {0.8F, 0.8F, 0.8F};
    return renderer.render(parameters).picture;
  };
  const cv::Mat thick = picture(255), half = picture(140), thin = picture(40);
  const cv::Rect above(40, 2, 16, 14);
  const auto mean = [&](const cv::Mat& each) { return cv::mean(each(above))[1]; };
  EXPECT_LT(mean(thick) + 5, mean(half));
  EXPECT_LT(mean(half) + 5, mean(thin));
}

TEST_F(HairMeshesTest, BrowsMoveWithTheBrows) {
  add("brow", copy_of(is_brow, {0, 0, 0.03F}).dump(), "eyebrows");
  const auto meshes = read().meshes;
  ASSERT_EQ(meshes.size(), 1U);
  const FaceRenderer renderer(head(), {}, meshes);
  auto parameters = portrait(wearer(meshes), 128);
  parameters.look.hair_style = HairStyle::bald;
  parameters.look.brow = {0, 0, 0.9F};  // blue as nothing else is
  const auto height = [&] {             // over the eyes
    const auto face = renderer.render(parameters);
    const auto& picture = face.picture;
    double eyes = 0;
    for (const auto& [name, at] : face.landmarks) {
      if (name == "left-eye" || name == "right-eye") eyes += static_cast<double>(at.y) / 2;
    }
    double sum = 0, count = 0;
    for (int y = 0; y < picture.rows; ++y) {
      for (int x = 0; x < picture.cols; ++x) {
        const auto& p = picture.at<cv::Vec3b>(y, x);
        if (p[0] < p[2] + 40) continue;
        sum += y;
        ++count;
      }
    }
    EXPECT_GT(count, 50);
    return eyes - sum / std::max(1.0, count);
  };
  const double rest = height();
  for (std::size_t m = 0; m < movements().size(); ++m) {
    const auto& name = movements()[m].name;
    if (name.find("brow_raise") != std::string::npos) parameters.expression.weights[m] = 1;
  }
  EXPECT_GT(height(), rest + 2);
}

TEST_F(HairMeshesTest, TheTableHasColumnsForMeshesOnlyWhenThereAreSome) {
  add("cap", cap().dump());
  const auto meshes = read().meshes;
  const std::string plain = rendered_csv_header(head()),
                    worn = rendered_csv_header(head(), true);
  EXPECT_EQ(worn, plain + ",hair_mesh,beard_mesh,moustache_mesh,brow_mesh,lash_mesh");
  RenderedSample sample;
  sample.parameters = portrait(wearer(meshes), 32);
  const auto row = [&](const FaceRenderer& renderer) {
    return rendered_csv_row(sample, renderer.render(sample.parameters), "x.jpg");
  };
  EXPECT_THAT(row(FaceRenderer(head(), {}, meshes)),
              ::testing::EndsWith(",cap,none,none,none,none"));
  EXPECT_THAT(row(FaceRenderer(head())), Not(HasSubstr("cap,none")));
}

}  // namespace
}  // namespace mien::synthesis
