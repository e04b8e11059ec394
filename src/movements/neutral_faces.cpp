#include "mien/movements/neutral_faces.hpp"

#include <algorithm>

namespace mien::movements {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr int kMinMeshes = 8;
constexpr nanoseconds kMaxStep = 250ms;  // counted for one mesh, so that gaps do not
constexpr nanoseconds kGiveUpAfter = 15s;
constexpr nanoseconds kForgetFaceAfter = 60s;

}  // namespace

void NeutralFaces::begin(int person) { people_[person].collecting = Collecting{}; }

void NeutralFaces::clear(int person) { people_.erase(person); }

bool NeutralFaces::update(int person, const std::vector<cv::Point3f>& face, nanoseconds time) {
  const auto found = people_.find(person);
  if (found == people_.end()) return false;
  State& state = found->second;
  state.seen = time;
  if (!state.collecting) return false;
  Collecting& now = *state.collecting;
  if (!now.started || time < now.last) {
    now = {std::vector<cv::Point3d>(face.size()), 0, 0s, time, time};
  }
  if (time - *now.started > kGiveUpAfter || face.size() != now.sum.size()) {
    state.collecting.reset();
    return false;
  }
  for (std::size_t i = 0; i < face.size(); ++i) now.sum[i] += cv::Point3d(face[i]);
  ++now.meshes;
  now.collected += std::min(time - now.last, kMaxStep);
  now.last = time;
  if (now.collected < kCollectFor || now.meshes < kMinMeshes) return false;
  state.face.clear();
  for (const auto& sum : now.sum) state.face.emplace_back(sum / now.meshes);
  state.number = ++taken_;
  state.collecting.reset();
  return true;
}

const std::vector<cv::Point3f>* NeutralFaces::get(int person) const {
  const auto found = people_.find(person);
  return found == people_.end() || found->second.face.empty() ? nullptr : &found->second.face;
}

std::uint32_t NeutralFaces::number(int person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? 0 : found->second.number;
}

void NeutralFaces::forget_absent(nanoseconds now) {
  // Asked for before the first mesh, or the clock went back: counted from now.
  for (auto& [person, state] : people_) {
    if (!state.seen || now < *state.seen) state.seen = now;
  }
  std::erase_if(people_,
                [&](const auto& entry) { return now - *entry.second.seen > kForgetFaceAfter; });
}

}  // namespace mien::movements
