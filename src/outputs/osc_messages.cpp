#include "osc_messages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <lo/lo_lowlevel.h>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mien/base/labels.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/utf8.hpp"

namespace mien::outputs {
namespace {

/// Texts are cut to this, and people to that: a message has to fit into a bundle.
constexpr std::size_t kLongestText = 512;
constexpr std::size_t kMostPeopleListed = 256;

/// Writes one message with liblo.
class OscMessage {
 public:
  explicit OscMessage(std::string address)
      : address_(std::move(address)), message_(lo_message_new(), lo_message_free) {}
  OscMessage& add(float value) { return checked(lo_message_add_float(message_.get(), value)); }
  OscMessage& add(int value) { return checked(lo_message_add_int32(message_.get(), value)); }
  OscMessage& add(std::string_view text) {
    // A zero would end the text for the receiver and not for the sender.
    const std::string clean(
        base::fitting_characters(text.substr(0, text.find('\0')), kLongestText));
    return checked(lo_message_add_string(message_.get(), clean.c_str()));
  }
  std::string done() {
    std::size_t size = lo_message_length(message_.get(), address_.c_str());
    std::string bytes(size, '\0');
    lo_message_serialise(message_.get(), address_.c_str(), bytes.data(), &size);
    return bytes;
  }

 private:
  OscMessage& checked(int failed) {
    if (failed != 0) throw std::bad_alloc();  // the only way in which adding fails
    return *this;
  }

  std::string address_;
  std::unique_ptr<std::remove_pointer_t<lo_message>, decltype(&lo_message_free)> message_;
};

/// A word as a part of an address, where OSC allows printable ASCII without " #*,/?[]{}".
std::string address_part(std::string_view word) {
  std::string part(word.substr(0, 64));
  for (char& c : part) {
    const bool allowed =
        c > ' ' && c < 0x7F && std::string_view("#*,/?[]{}").find(c) == std::string_view::npos;
    if (!allowed) c = '_';
  }
  return part.empty() ? "_" : part;
}

/// Nothing when the face's movements were not measured, or that one is not known.
std::optional<float> movement_value(const base::FaceReading& reading, std::string_view id) {
  const auto index = base::movement_index(id);
  if (!index || !reading.geometry || *index >= reading.geometry->movements.size()) {
    return std::nullopt;
  }
  const float value = reading.geometry->movements[*index];
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

OscGroup frame_group(const base::AnalyzedFrame& analysed) {
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(analysed.frame->time).count();
  constexpr std::uint64_t kPositive = 0x7FFFFFFF;  // what an int32 counts, then from 0 again
  OscGroup group;
  group.push_back(
      OscMessage("/mien/frame")
          .add(static_cast<int>(analysed.frame->sequence & kPositive))
          .add(static_cast<int>(static_cast<std::uint64_t>(milliseconds) & kPositive))
          .add(static_cast<int>(analysed.readings.size()))
          .done());
  OscMessage people("/mien/people");
  const auto count = std::min(analysed.readings.size(), kMostPeopleListed);
  for (std::size_t i = 0; i < count; ++i) people.add(analysed.readings[i].person);
  group.push_back(people.done());
  return group;
}

void add_geometry(OscGroup& group, const std::string& prefix,
                  const base::FaceReading& reading) {
  if (!reading.geometry) return;
  if (const auto& pose = reading.geometry->pose) {
    group.push_back(OscMessage(prefix + "pose")
                        .add(pose->pitch)
                        .add(pose->yaw)
                        .add(pose->roll)
                        .add(pose->translation.x)
                        .add(pose->translation.y)
                        .add(pose->translation.z)
                        .done());
  }
  for (const auto& movement : base::movements()) {
    if (const auto value = movement_value(reading, movement.id)) {
      group.push_back(OscMessage(prefix + "movement/" + movement.id).add(*value).done());
    }
  }
  const auto& eyes = reading.geometry->eyes;
  const auto add_eyes = [&](const char* what, auto value) {
    group.push_back(OscMessage(prefix + "eyes/" + what).add(value).done());
  };
  if (eyes.opening > 0) {
    add_eyes("open", eyes.opening);
    add_eyes("closed", eyes.closed ? 1 : 0);
  }
  add_eyes("blinks", eyes.blinks);
  if (const auto& gaze = reading.geometry->towards_camera) {
    add_eyes("looks_at_camera", *gaze ? 1 : 0);
  }
}

OscGroup person_group(const base::AnalyzedFrame& analysed, const base::FaceReading& reading,
                      const std::map<int, std::string>& names) {
  const std::string prefix = "/mien/person/" + std::to_string(reading.person) + "/";
  const auto& labels = *analysed.labels;
  OscGroup group;
  if (const auto name = names.find(reading.person); name != names.end()) {
    group.push_back(OscMessage(prefix + "name").add(name->second).done());
  }
  const auto& values = reading.smoothed;
  for (std::size_t i = 0; i < std::min(labels.size(), values.size()); ++i) {
    group.push_back(
        OscMessage(prefix + "label/" + address_part(labels[i])).add(values[i]).done());
  }
  const auto& verdict = reading.verdict;
  const bool known =
      verdict.label >= 0 && static_cast<std::size_t>(verdict.label) < labels.size();
  group.push_back(OscMessage(prefix + "verdict")
                      .add(known ? std::string_view(labels[verdict.label]) : "")
                      .add(verdict.certainty)
                      .add(std::string_view(base::describe(verdict.doubt)))
                      .done());
  group.push_back(OscMessage(prefix + "valence").add(reading.valence).done());
  const auto& box = reading.face.box;
  group.push_back(OscMessage(prefix + "box")
                      .add(box.x)
                      .add(box.y)
                      .add(box.width)
                      .add(box.height)
                      .add(analysed.frame->image.cols)
                      .add(analysed.frame->image.rows)
                      .done());
  add_geometry(group, prefix, reading);
  return group;
}

// --- Avatars: the VMC protocol's blend shapes

/// The expressions of a VRM avatar, and the label that means the same. "Fun" is that of models
/// which somebody taught to tell it from joy.
struct VrmExpression {
  const char* blend_shape;
  std::string_view label;
};
constexpr VrmExpression kVrmExpressions[] = {{"Joy", "happiness"},
                                             {"Angry", "anger"},
                                             {"Sorrow", "sadness"},
                                             {"Fun", "fun"},
                                             {"Surprised", "surprise"}};

/// ARKit's blend shapes, by the names that avatars have them under, of which a movement was
/// learned (training/movements.py). Right and left are the person's own in both; what is
/// measured of both sides together is each side's.
struct BlendShape {
  const char* blend_shape;
  std::string_view movement;
};
constexpr BlendShape kBlendShapes[] = {{"BrowInnerUp", "inner_brow_raise"},
                                       {"BrowOuterUpRight", "outer_brow_raise_right"},
                                       {"BrowOuterUpLeft", "outer_brow_raise_left"},
                                       {"BrowDownRight", "brow_lower_right"},
                                       {"BrowDownLeft", "brow_lower_left"},
                                       {"EyeWideRight", "upper_lid_raise"},
                                       {"EyeWideLeft", "upper_lid_raise"},
                                       {"EyeSquintRight", "lid_tighten_right"},
                                       {"EyeSquintLeft", "lid_tighten_left"},
                                       {"EyeBlinkRight", "eye_close_right"},
                                       {"EyeBlinkLeft", "eye_close_left"},
                                       {"MouthUpperUpRight", "upper_lip_raise"},
                                       {"MouthUpperUpLeft", "upper_lip_raise"},
                                       {"MouthLowerDownRight", "lower_lip_depress"},
                                       {"MouthLowerDownLeft", "lower_lip_depress"},
                                       {"MouthSmileRight", "smile_right"},
                                       {"MouthSmileLeft", "smile_left"},
                                       {"MouthStretchRight", "lip_stretch_right"},
                                       {"MouthStretchLeft", "lip_stretch_left"},
                                       {"MouthPucker", "pucker"},
                                       {"MouthFunnel", "funnel"},
                                       {"MouthPressRight", "lip_press"},
                                       {"MouthPressLeft", "lip_press"},
                                       {"JawOpen", "jaw_drop"}};

std::string blend(const char* name, float value) {
  return OscMessage("/VMC/Ext/Blend/Val").add(std::string_view(name)).add(value).done();
}

OscGroup avatar_group(const base::AnalyzedFrame& analysed) {
  const auto& readings = analysed.readings;
  const auto first =
      std::min_element(readings.begin(), readings.end(),
                       [](const auto& a, const auto& b) { return a.person < b.person; });
  OscGroup group;
  // An avatar whose person has gone rests.
  const base::FaceReading* const reading = first == readings.end() ? nullptr : &*first;
  const auto& labels = *analysed.labels;
  for (const auto& expression : kVrmExpressions) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (base::canonical_label(labels[i]).value_or(labels[i]) != expression.label) continue;
      const bool known = reading != nullptr && i < reading->smoothed.size();
      group.push_back(blend(expression.blend_shape, known ? reading->smoothed[i] : 0.0F));
      break;
    }
  }
  if (!analysed.landmarks_id.empty()) {
    for (const auto& shape : kBlendShapes) {
      const auto value = reading ? movement_value(*reading, shape.movement) : 0.0F;
      if (value) group.push_back(blend(shape.blend_shape, std::clamp(*value, 0.0F, 1.0F)));
    }
  }
  group.push_back(OscMessage("/VMC/Ext/Blend/Apply").done());
  group.push_back(OscMessage("/VMC/Ext/OK").add(1).done());
  return group;
}

// --- Bundles. liblo writes one of a known size; these are filled with finished messages, up to
// a size.

void append_big_endian(std::string& bytes, std::uint64_t value, int count) {
  for (int i = count - 1; i >= 0; --i) {
    bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
}

std::string empty_bundle(std::uint64_t time) {
  std::string bundle("#bundle\0", 8);
  append_big_endian(bundle, time, 8);
  return bundle;
}

constexpr std::size_t kBundleHead = 16;
constexpr std::size_t kMessageHead = 4;

}  // namespace

std::vector<OscGroup> osc_groups(const base::AnalyzedFrame& frame,
                                 const std::map<int, std::string>& names) {
  std::vector<OscGroup> groups;
  groups.push_back(frame_group(frame));
  for (const auto& reading : frame.readings) {
    groups.push_back(person_group(frame, reading, names));
  }
  groups.push_back(avatar_group(frame));
  return groups;
}

std::string osc_marker(const std::string& text) {
  return OscMessage("/mien/marker").add(std::string_view(text)).done();
}

std::uint64_t osc_time(std::chrono::system_clock::time_point moment) {
  using namespace std::chrono;
  constexpr std::uint64_t kFrom1900To1970 = 2'208'988'800;
  const auto since = duration_cast<nanoseconds>(moment.time_since_epoch()).count();
  const auto whole = static_cast<std::uint64_t>(since / 1'000'000'000) + kFrom1900To1970;
  const auto rest = static_cast<std::uint64_t>(since % 1'000'000'000);
  return (whole << 32) | ((rest << 32) / 1'000'000'000);
}

std::vector<std::string> osc_bundles(const std::vector<OscGroup>& groups, std::uint64_t time,
                                     std::size_t largest) {
  std::vector<std::string> bundles;
  std::string bundle = empty_bundle(time);
  const auto finish = [&] {
    if (bundle.size() > kBundleHead) bundles.push_back(std::move(bundle));
    bundle = empty_bundle(time);
  };
  for (const auto& group : groups) {
    std::size_t size = 0;
    for (const auto& message : group) size += kMessageHead + message.size();
    if (bundle.size() + size > largest) finish();
    for (const auto& message : group) {
      if (kBundleHead + kMessageHead + message.size() > largest) continue;
      if (bundle.size() + kMessageHead + message.size() > largest) finish();
      append_big_endian(bundle, message.size(), kMessageHead);
      bundle += message;
    }
  }
  finish();
  return bundles;
}

}  // namespace mien::outputs
