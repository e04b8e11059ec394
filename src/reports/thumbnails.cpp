#include "thumbnails.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/sessions/session_video.hpp"

extern "C" {
#include <libavutil/base64.h>
}

namespace mien::reports {
namespace {

constexpr std::size_t kMaxTotal = 64;
constexpr std::size_t kMaxPerItem = 8;
constexpr int kSide = 160;  ///< pixels; shown smaller, sharp on fine screens and on paper

/// The strongest sure moment of each label.
std::vector<Thumbnail> peaks(const PersonSummary& person, std::size_t labels) {
  std::vector<const Episode*> best(labels);
  for (const auto& episode : person.episodes) {
    if (episode.label < 0) continue;
    auto& known = best[static_cast<std::size_t>(episode.label)];
    if (known == nullptr || episode.peak > known->peak) known = &episode;
  }
  std::vector<Thumbnail> result;
  for (const auto* episode : best) {
    if (episode != nullptr) result.push_back({episode->peak_row, episode->label, {}});
  }
  return result;
}

/// A square within the box, so that the lines that were drawn around the face stay out; what of
/// it lies outside the picture is grey rather than stretched. Takes no more memory than the
/// picture, however large the box is.
cv::Mat cut_face(const cv::Mat& picture, const cv::Rect2f& box) {
  const double side = static_cast<double>(std::max(box.width, box.height)) * 0.9;
  const cv::Point2d centre(static_cast<double>(box.x + box.width / 2),
                           static_cast<double>(box.y + box.height / 2));
  const cv::Rect2d wanted(centre.x - side / 2, centre.y - side / 2, side, side);
  const cv::Rect there(wanted & cv::Rect2d({0, 0}, cv::Size2d(picture.size())));
  const double scale = kSide / side;
  const cv::Size size(cvRound(there.width * scale), cvRound(there.height * scale));
  if (there.width < 12 || there.height < 12 || size.width < 1 || size.height < 1) return {};
  cv::Mat face;
  cv::resize(picture(there), face, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  cv::Mat square(kSide, kSide, CV_8UC3, cv::Scalar::all(225));
  const cv::Rect place(cvRound((there.x - wanted.x) * scale),
                       cvRound((there.y - wanted.y) * scale), size.width, size.height);
  const cv::Rect inside = place & cv::Rect({0, 0}, square.size());
  face(inside - place.tl()).copyTo(square(inside));
  return square;
}

std::string jpeg_url(const cv::Mat& picture) {
  std::vector<uchar> bytes;
  cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, 82});
  const auto size = AV_BASE64_SIZE(bytes.size());
  std::string text(size, '\0');
  av_base64_encode(text.data(), static_cast<int>(size), bytes.data(),
                   static_cast<int>(bytes.size()));
  text.resize(size - 1);  // it ends what it writes with a zero
  return "data:image/jpeg;base64," + text;
}

}  // namespace

std::map<int, std::vector<Thumbnail>> peak_thumbnails(const ReportData& data) {
  const auto& session = data.session;
  std::map<int, std::vector<Thumbnail>> result;
  const bool scaled =
      base::whole_in(base::object_in(session.document, "counts"), "frames_scaled") > 0;
  if (session.privacy != sessions::Privacy::everything || session.video.empty() || scaled)
    return result;

  const std::size_t each = std::clamp<std::size_t>(
      kMaxTotal / std::max<std::size_t>(data.people.size(), 1), 1, kMaxPerItem);
  std::vector<std::pair<int, Thumbnail>> all;
  for (const auto& person : data.people) {
    auto own = peaks(person, session.labels.size());
    if (own.size() > each) {
      std::stable_sort(own.begin(), own.end(), [&](const auto& a, const auto& b) {
        return session.rows[a.row].certainty > session.rows[b.row].certainty;
      });
      own.resize(each);
      std::sort(own.begin(), own.end(),
                [](const auto& a, const auto& b) { return a.label < b.label; });
    }
    for (auto& thumbnail : own) {
      if (all.size() < kMaxTotal) all.emplace_back(person.person, std::move(thumbnail));
    }
  }
  if (all.empty()) return result;
  // Forwards through the video, then back into everybody's own order.
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return session.rows[all[a].second.row].timestamp <
           session.rows[all[b].second.row].timestamp;
  });
  try {
    sessions::VideoReader video(session.video);
    for (const auto i : order) {
      const auto& row = session.rows[all[i].second.row];
      const auto picture = video.at(std::llround(row.timestamp * 1000));
      if (!picture) continue;
      if (const auto face = cut_face(*picture, row.box); !face.empty()) {
        all[i].second.data_url = jpeg_url(face);
      }
    }
  } catch (const std::exception&) {
    // A video that cannot be read costs the thumbnails, not the report; `mien report --verify`
    // says what is wrong with it.
  }
  for (auto& [person, thumbnail] : all) {
    if (!thumbnail.data_url.empty()) result[person].push_back(std::move(thumbnail));
  }
  return result;
}

}  // namespace mien::reports
