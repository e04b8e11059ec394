#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "report_data.hpp"

namespace mien::reports {

/// A face at a moment, cut from the session's video.
struct Thumbnail {
  std::size_t row = 0;   ///< index into the session's rows
  int label = 0;         ///< what was said there
  std::string data_url;  ///< data:image/jpeg;base64,...
};

/// For each person the strongest sure moment of each label, in the order of the labels; at most
/// eight a person and 64 in all. Nothing when the session's privacy forbids it, when it has no
/// video, or when the video's pictures are not those that the boxes were found in.
std::map<int, std::vector<Thumbnail>> peak_thumbnails(const ReportData& data);

}  // namespace mien::reports
