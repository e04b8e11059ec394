#pragma once

#include <string>

#include "report_data.hpp"
#include "thumbnails.hpp"

namespace mien::reports {

/// The whole report as one HTML page: inline style and SVG, pictures as data, no scripts.
std::string report_page(const ReportData& data,
                        const std::map<int, std::vector<Thumbnail>>& thumbnails);

/// How to read something was said before on the page: once is enough.
struct Explained {
  bool charts = false;
  bool measures = false;
};

// Its parts, each empty when there is nothing to say. A person's section says how it is read
// where that was not explained, and notes that it is now.
std::string person_section(const ReportData& data, const PersonSummary& person,
                           const std::vector<Thumbnail>& thumbnails, int bins,
                           Explained& explained);
std::string moments_section(const ReportData& data);
std::string recording_section(const ReportData& data);
std::string model_section(const sessions::RecordedSession& session);
std::string limits_section();
/// The content of the page's style element.
const char* report_style();

}  // namespace mien::reports
