#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// How many there are beside those of the labels.
inline constexpr std::size_t kFixedFacesColumns = 13;

/// The header of faces.csv, without its line end: the fixed columns with those of the labels
/// between them.
std::string faces_header(const std::vector<std::string>& labels);

/// The labels between the columns that every faces.csv has; nothing when `header` is not the
/// header of one.
std::optional<std::vector<std::string>> labels_between(
    const std::vector<std::string_view>& header);

}  // namespace mien
