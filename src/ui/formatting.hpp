#pragma once

#include <cstdint>
#include <string>

#include <opencv2/core.hpp>

namespace mien {

/// "97%": whole percent of a share 0..1.
std::string percent(float share);

/// "00:12:41".
std::string clock_words(double seconds);

/// How long: "45 s", "12 min", "1 h 5 min".
std::string span_words(double seconds);

/// How long ago: "−20 s", "−2 min", "−1:30 min".
std::string ago_words(double seconds);

/// "+0.94", "−0.31"; nothing is negative that is shown as zero.
std::string signed_decimal(float value);

/// "214 MB", "1.2 GB".
std::string size_words(std::uintmax_t bytes);

/// "30.0".
std::string decimal(double value, int places);

/// "1280×720".
std::string size_words(cv::Size size);

}  // namespace mien
