#include "faces_columns.hpp"

#include <algorithm>
#include <iterator>

#include "mien/base/label_rules.hpp"

#include "faces_table.hpp"

namespace mien {
namespace {

constexpr std::string_view kBefore[] = {
    "frame", "face_id", "timestamp", "confidence", "success", "x", "y", "w", "h"};
constexpr std::string_view kFile = "file";
constexpr std::string_view kAfter[] = {"verdict", "certainty", "reason", "valence"};

}  // namespace

std::string faces_header(const std::vector<std::string>& labels, bool files) {
  std::string row;
  for (const auto column : kBefore) row.append(column) += ',';
  if (files) row.append(kFile) += ',';
  for (const auto& label : labels) row.append(csv_field(label)) += ',';
  for (const auto column : kAfter) row.append(column) += ',';
  row.pop_back();
  return row;
}

bool has_file_column(const std::vector<std::string_view>& header) {
  return header.size() > kFixedFacesColumns && header[std::size(kBefore)] == kFile;
}

std::optional<std::vector<std::string>> labels_between(
    const std::vector<std::string_view>& header) {
  static_assert(std::size(kBefore) + std::size(kAfter) == kFixedFacesColumns);
  if (header.size() < kFixedFacesColumns ||
      header.size() > kFixedFacesColumns + 1 + kMostModelLabels) {
    return std::nullopt;
  }
  const auto first = header.begin() + std::ssize(kBefore) + (has_file_column(header) ? 1 : 0);
  const auto last = header.end() - std::ssize(kAfter);
  if (!std::equal(std::begin(kBefore), std::end(kBefore), header.begin()) ||
      !std::equal(std::begin(kAfter), std::end(kAfter), last)) {
    return std::nullopt;
  }
  return std::vector<std::string>(first, last);
}

}  // namespace mien
