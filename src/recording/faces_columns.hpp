#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// How many there are beside those of the labels and `file`.
inline constexpr std::size_t kFixedFacesColumns = 13;

/// The header of faces.csv, without its line end: the fixed columns with those of the labels
/// between them. `files`: with a column `file` before the labels', for pictures that have a
/// file each.
std::string faces_header(const std::vector<std::string>& labels, bool files = false);

/// Whether a header has the column `file`, behind the box.
bool has_file_column(const std::vector<std::string_view>& header);

/// The labels between the columns that every faces.csv has, without `file`; nothing when
/// `header` is not the header of one.
std::optional<std::vector<std::string>> labels_between(
    const std::vector<std::string_view>& header);

}  // namespace mien
