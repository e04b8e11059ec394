#include <algorithm>
#include <optional>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/faces/overlap.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/model_process.hpp"

#include "blazeface.hpp"
#include "detectors.hpp"
#include "face_verification.hpp"
#include "nms.hpp"

namespace mien::faces {
namespace {

using namespace std::chrono_literals;

constexpr const char* kNear = "blazeface";
constexpr const char* kFar = "blazeface-full";
constexpr const char* kMesh = "face-mesh";

// A larger picture is shrunk once: the finest tiles then still have more pixels than the
// network takes, and a picture of 100 megapixels costs little more than one of two.
constexpr int kMaxSide = 1600;

// First pass: which candidates are verified.
constexpr float kNearCandidate = 0.35F;
constexpr float kFarCandidate = 0.3F;
constexpr std::size_t kMaxCandidates = 1000;
constexpr float kSameCandidate = 0.3F;  // intersection over union

// What counts as a face: one that the second look is sure about; one that the face mesh
// confirms; one that both find likely; and what fills much of the picture and was clear at
// once, since the mesh knows profiles badly. Whoever was there a moment ago needs less.
constexpr float kSureLook = 0.72F;
constexpr float kLikelyLook = 0.55F;
constexpr float kPossibleLook = 0.35F;
constexpr float kConfirmed = 0.3F;  // presence
constexpr float kNotExcluded = 0.02F;
constexpr float kClearAtFirst = 0.6F;
constexpr float kFaceThatWasClear = 0.42F;
constexpr float kFaceThatWasThere = 0.35F;
constexpr float kSameFrame = 0.4F;  // intersection over union
constexpr float kLarge = 0.2F;      // of the longer side

// Tiles, in shares of the longer side. The far network finds faces from 8 % of what it sees on
// reliably, so that these find faces from 3 %; the fine ones are for crowds.
constexpr float kTile = 0.4F;
constexpr float kTileShared = 0.1F;
constexpr float kFineTile = 0.2F;
constexpr float kFineTileShared = 0.05F;
constexpr float kCrowdFace =
    0.06F;  // a face as small as that means that smaller ones may be there
/// Pixels. A face that only tiles find has less than a fifth of one's side: too little to read.
constexpr int kMinTile = 64;
constexpr int kMinFineTile = 96;  // pixels: less has no small faces to show

// Streams.
constexpr auto kThoroughEvery = 500ms;   // of a file's time
constexpr auto kWideEvery = 250ms;       // the whole picture and one tile in turn
constexpr std::size_t kMaxRechecks = 8;  // at known faces in one picture, live

// One face a head: boxes that overlap by more, or of which one holds more of the other.
constexpr float kSameHead = 0.35F;  // intersection over union
constexpr float kInside = 0.6F;     // share of the smaller box

std::vector<base::Face> one_per_head(std::vector<base::Face> faces) {
  return suppress_overlapping(std::move(faces), kSameHead, kInside);
}

// Where tiles begin along one side of the picture: evenly spread from edge to edge.
std::vector<int> starts(int length, int side, int shared) {
  if (length <= side) return {0};
  const int step = std::max(1, side - shared);
  const int count = (length - side + step - 1) / step + 1;
  std::vector<int> result;
  result.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    result.push_back(static_cast<int>(std::int64_t{i} * (length - side) / (count - 1)));
  }
  return result;
}

/// The near and the far BlazeFace together, and a face mesh that confirms what they doubt.
class AutoDetector : public FaceDetector {
 public:
  AutoDetector(const models::ModelCard& near, const models::ModelCard& far,
               const models::ModelCard& mesh)
      : near_(near), far_(far), mesh_look_(mesh) {}

  const std::string& id() const override { return id_; }

  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) return {};
    const cv::Mat picture = working_copy(bgr);
    auto faces = search_thoroughly(picture);
    for (base::Face& face : faces) {
      if (const auto exact = mesh_look_.landmarks(picture, face)) face.landmarks = exact;
    }
    return in_the_original(std::move(faces));
  }

  std::vector<base::Face> detect_next(const cv::Mat& bgr, const StreamMoment& moment) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) return {};
    if (!moment.live) {
      // Later in a film nobody asks the mesh: crops would jump between its points and those
      // of the pictures between two thorough searches.
      const bool first = !thorough_at_;
      if (passed(thorough_at_, moment.time, kThoroughEvery)) {
        thorough_at_ = moment.time;
        return first ? detect(bgr) : in_the_original(search_thoroughly(working_copy(bgr)));
      }
      return search_known(bgr, moment, {});
    }
    return search_known(bgr, moment, live_regions(bgr, moment));
  }

  void forget_stream() override {
    thorough_at_.reset();
    wide_at_.reset();
    turn_ = 0;
    recheck_from_ = 0;
  }

 private:
  /// The whole picture, its tiles, and where there is a crowd the fine ones.
  std::vector<base::Face> search_thoroughly(const cv::Mat& picture) {
    auto faces = search(picture, near_candidates(picture), coarse_regions(picture.size()));
    const bool crowd = std::any_of(faces.begin(), faces.end(), [&](const base::Face& face) {
      return face.box.width < kCrowdFace * static_cast<float>(longer_side(picture.size()));
    });
    if (crowd) {
      for (auto& face : search(picture, {}, fine_tiles(picture.size()))) faces.push_back(face);
      faces = one_per_head(std::move(faces));
    }
    return faces;
  }

  static int longer_side(cv::Size size) { return std::max(size.width, size.height); }

  static bool passed(const std::optional<std::chrono::nanoseconds>& since,
                     std::chrono::nanoseconds now, std::chrono::nanoseconds much) {
    return !since || now < *since || now - *since >= much;
  }

  static std::vector<cv::Rect> tiles(cv::Size picture, float share, float shared) {
    const auto longer = static_cast<float>(longer_side(picture));
    const int side = std::max(2, cvRound(longer * share));
    return cover_with_tiles(picture, side, std::min(side - 1, cvRound(longer * shared)));
  }

  static std::vector<cv::Rect> coarse_tiles(cv::Size picture) {
    if (static_cast<float>(longer_side(picture)) * kTile < kMinTile) return {};
    return tiles(picture, kTile, kTileShared);
  }

  static std::vector<cv::Rect> coarse_regions(cv::Size picture) {
    auto regions = coarse_tiles(picture);
    regions.emplace_back(cv::Point(0, 0), picture);
    return regions;
  }

  static std::vector<cv::Rect> fine_tiles(cv::Size picture) {
    if (static_cast<float>(longer_side(picture)) * kFineTile < kMinFineTile) return {};
    return tiles(picture, kFineTile, kFineTileShared);
  }

  /// Sets the scale that in_the_original() takes back.
  cv::Mat working_copy(const cv::Mat& bgr) {
    const int longer = longer_side(bgr.size());
    scale_ = {1, 1};
    if (longer <= kMaxSide) return bgr;
    const double shrink = static_cast<double>(kMaxSide) / longer;
    const cv::Size size(std::max(1, cvRound(bgr.cols * shrink)),
                        std::max(1, cvRound(bgr.rows * shrink)));
    scale_ = {static_cast<float>(bgr.cols) / static_cast<float>(size.width),
              static_cast<float>(bgr.rows) / static_cast<float>(size.height)};
    cv::resize(bgr, shrunk_, size, 0, 0, cv::INTER_AREA);
    return shrunk_;
  }

  std::vector<base::Face> in_the_original(std::vector<base::Face> faces) const {
    for (base::Face& face : faces) scale(face, scale_.x, scale_.y);
    return faces;
  }

  static void scale(base::Face& face, float x, float y) {
    face.box = {face.box.x * x, face.box.y * y, face.box.width * x, face.box.height * y};
    if (!face.landmarks) return;
    for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                        &face.landmarks->nose, &face.landmarks->mouth}) {
      *point = {point->x * x, point->y * y};
    }
  }

  std::vector<base::Face> near_candidates(const cv::Mat& picture) {
    return blend_overlapping(near_.find(picture, kNearCandidate), near_.overlap_threshold());
  }

  void add_far_candidates(const cv::Mat& picture, const cv::Rect& region,
                          std::vector<base::Face>& candidates) {
    for (base::Face face : far_.find(picture(region), kFarCandidate)) {
      const auto corner = cv::Point2f(region.tl());
      face.box += corner;
      if (face.landmarks) {
        for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                            &face.landmarks->nose, &face.landmarks->mouth}) {
          *point += corner;
        }
      }
      candidates.push_back(face);
    }
  }

  /// Candidates of all regions and those given, each looked at again; one face for each head.
  std::vector<base::Face> search(const cv::Mat& picture, std::vector<base::Face> candidates,
                                 const std::vector<cv::Rect>& regions) {
    const float large = kLarge * static_cast<float>(longer_side(picture.size()));
    // In a face that fills much of the picture the near network's own frame is the one that
    // the expression models know; the second look only confirms it.
    std::vector<base::Face> framed;
    for (const base::Face& face : candidates) {
      if (face.box.width >= large && face.confidence >= near_.score_threshold()) {
        framed.push_back(face);
      }
    }
    for (const cv::Rect& region : regions) add_far_candidates(picture, region, candidates);
    candidates = blend_overlapping(std::move(candidates), kSameCandidate);
    candidates.resize(std::min(candidates.size(), kMaxCandidates));
    std::vector<base::Face> faces;
    for (const base::Face& candidate : candidates) {
      auto face = second_look_.at(picture, candidate, kPossibleLook);
      if (!face) continue;
      const auto same = std::find_if(framed.begin(), framed.end(), [&](const base::Face& near) {
        return intersection_over_union(near.box, face->box) > kSameFrame;
      });
      const bool clear = same != framed.end() && same->confidence >= kClearAtFirst;
      if (!is_face(picture, *face, clear)) continue;
      if (same != framed.end()) {
        face->box = same->box;
        face->landmarks = same->landmarks;
      }
      faces.push_back(*face);
    }
    return one_per_head(std::move(faces));
  }

  bool is_face(const cv::Mat& picture, const base::Face& face, bool clear_at_first) {
    if (face.confidence >= kSureLook) return true;
    if (clear_at_first && face.confidence >= kFaceThatWasClear) return true;
    const float presence = mesh_look_.presence(picture, face);
    return presence >= kConfirmed ||
           (presence >= kNotExcluded && face.confidence >= kLikelyLook);
  }

  /// Where the far network looks in this picture of a live stream: the whole picture and one
  /// tile after the other in turn; both at once while there is nobody.
  std::vector<cv::Rect> live_regions(const cv::Mat& bgr, const StreamMoment& moment) {
    const bool nobody = moment.expected.empty();
    if (!nobody && !passed(wide_at_, moment.time, kWideEvery)) return {};
    wide_at_ = moment.time;
    const cv::Rect whole({0, 0}, working_size(bgr.size()));
    const auto all = coarse_tiles(whole.size());
    if (all.empty()) return {whole};
    const std::size_t turn = turn_++;
    if (nobody) return {whole, all[turn % all.size()]};
    return {turn % 2 == 0 ? whole : all[turn / 2 % all.size()]};
  }

  static cv::Size working_size(cv::Size size) {
    const int longer = longer_side(size);
    if (longer <= kMaxSide) return size;
    const double shrink = static_cast<double>(kMaxSide) / longer;
    return {std::max(1, cvRound(size.width * shrink)),
            std::max(1, cvRound(size.height * shrink))};
  }

  /// The near network over the whole picture, a recheck of those expected whom it does not
  /// find, and a search of what is new, there and in the regions given.
  std::vector<base::Face> search_known(const cv::Mat& bgr, const StreamMoment& moment,
                                       const std::vector<cv::Rect>& regions) {
    const cv::Mat picture = working_copy(bgr);
    std::vector<base::Face> fresh;
    std::vector<base::Face> faces;
    std::vector<base::Face> expected = moment.expected;
    for (base::Face& face : expected) scale(face, 1 / scale_.x, 1 / scale_.y);
    std::vector<bool> seen(expected.size(), false);
    for (const base::Face& face : near_candidates(picture)) {
      const auto known =
          std::find_if(expected.begin(), expected.end(), [&](const base::Face& other) {
            return intersection_over_union(face.box, other.box) > kSameCandidate;
          });
      if (known != expected.end() && face.confidence >= near_.score_threshold()) {
        seen[static_cast<std::size_t>(known - expected.begin())] = true;
        faces.push_back(face);
      } else if (known == expected.end()) {
        fresh.push_back(face);
      }
    }
    recheck_missed(picture, moment.live, expected, seen, faces);
    for (auto& face : search_beyond(picture, std::move(fresh), regions, expected)) {
      faces.push_back(face);
    }
    return in_the_original(one_per_head(std::move(faces)));
  }

  void recheck_missed(const cv::Mat& picture, bool live,
                      const std::vector<base::Face>& expected, const std::vector<bool>& seen,
                      std::vector<base::Face>& faces) {
    std::size_t rechecks = 0;
    const std::size_t count = expected.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = (recheck_from_ + i) % count;
      if (seen[at]) continue;
      if (live && rechecks == kMaxRechecks) {
        faces.push_back(expected[at]);  // rechecked in one of the next pictures
        continue;
      }
      ++rechecks;
      if (auto face = second_look_.at(picture, expected[at], kFaceThatWasThere)) {
        faces.push_back(*face);
      }
    }
    recheck_from_ = count > 0 ? (recheck_from_ + rechecks) % count : 0;
  }

  std::vector<base::Face> search_beyond(const cv::Mat& picture,
                                        std::vector<base::Face> candidates,
                                        const std::vector<cv::Rect>& regions,
                                        const std::vector<base::Face>& expected) {
    for (const cv::Rect& region : regions) add_far_candidates(picture, region, candidates);
    const auto known = [&](const base::Face& face) {
      return std::any_of(expected.begin(), expected.end(), [&](const base::Face& other) {
        return intersection_over_union(face.box, other.box) > kSameCandidate;
      });
    };
    candidates.erase(std::remove_if(candidates.begin(), candidates.end(), known),
                     candidates.end());
    return search(picture, std::move(candidates), {});
  }

  const std::string id_ = "auto";
  BlazeFace near_;
  BlazeFace far_;
  MeshLook mesh_look_;
  SecondLook second_look_{near_};
  cv::Mat shrunk_;
  cv::Point2f scale_{1, 1};  ///< of the picture given over the one worked on
  std::optional<std::chrono::nanoseconds> thorough_at_, wide_at_;
  std::size_t turn_ = 0;
  std::size_t recheck_from_ = 0;
};

}  // namespace

std::vector<cv::Rect> cover_with_tiles(cv::Size picture, int side, int shared) {
  std::vector<cv::Rect> tiles;
  if (picture.empty() || side < 1) return tiles;
  const cv::Rect whole({0, 0}, picture);
  for (const int y : starts(picture.height, side, shared)) {
    for (const int x : starts(picture.width, side, shared)) {
      tiles.push_back(cv::Rect(x, y, side, side) & whole);
    }
  }
  return tiles;
}

DetectorInfo auto_info() {
  return {"auto", "Automatic",
          "Near, far and groups: two networks, parts of the picture, and a second look at "
          "every find.",
          "Apache-2.0"};
}

namespace {

/// Both run in this process, so they must be the program's own.
models::ModelCard own_card(const models::ModelLibrary& library, const char* id,
                           models::ModelCard::Task task) {
  models::ModelCard card = library.find(id, task);
  if (!models::is_shipped(card)) {
    throw base::Error("The face detector auto needs the " + std::string(id) +
                      " that comes with the program; install the program again.");
  }
  return card;
}

}  // namespace

std::unique_ptr<FaceDetector> make_auto_detector(const models::ModelLibrary& library) {
  return base::translate_errors("The face detector auto cannot be loaded", [&] {
    return std::make_unique<AutoDetector>(
        own_card(library, kNear, models::ModelCard::Task::face),
        own_card(library, kFar, models::ModelCard::Task::face),
        own_card(library, kMesh, models::ModelCard::Task::landmarks));
  });
}

}  // namespace mien::faces
