#include "export_support.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "mien/base/json_fields.hpp"
#include "mien/base/labels.hpp"

namespace mien::reports {

std::optional<std::size_t> CanonicalScores::place(std::string_view canonical) const {
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if (labels_[i] == canonical || base::canonical_label(labels_[i]) == canonical) return i;
  }
  return std::nullopt;
}

float CanonicalScores::of(const sessions::SessionRow& row, std::string_view canonical) const {
  const auto index = place(canonical);
  return index && *index < row.probabilities.size() ? row.probabilities[*index]
                                                    : std::numeric_limits<float>::quiet_NaN();
}

std::string clock_time(double seconds) {
  const auto all = std::llround(std::max(0.0, seconds) * 1000);
  char text[48];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld.%03lld", all / 3'600'000,
                all / 60'000 % 60, all / 1000 % 60, all % 1000);
  return text;
}

std::string source_name(const sessions::RecordedSession& session) {
  const auto& source = base::object_in(session.document, "source");
  const auto name = base::text_in(source, "name");
  return name.empty() ? base::text_in(source, "spec") : name;
}

bool names_files(const sessions::RecordedSession& session) {
  return !session.rows.empty() && !session.rows.front().file.empty();
}

int picture_width(const sessions::RecordedSession& session) {
  const auto width = base::whole_in(base::object_in(session.document, "source"), "width");
  return static_cast<int>(
      width > 0 ? width : base::whole_in(base::object_in(session.document, "video"), "width"));
}

int picture_height(const sessions::RecordedSession& session) {
  const auto height = base::whole_in(base::object_in(session.document, "source"), "height");
  return static_cast<int>(
      height > 0 ? height
                 : base::whole_in(base::object_in(session.document, "video"), "height"));
}

}  // namespace mien::reports
