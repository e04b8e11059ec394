#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "mien/ui/panel.hpp"

namespace mien::ui {

/// A small dialog with one line of text: somebody's name, or what an event marker means.
class TextPrompt {
 public:
  /// A new name for a person; the resting face stays as it is.
  void rename(int person, std::string name);
  /// The name under which a person's resting face is kept.
  void keep(int person, std::string name);
  /// A text for a marker that is set already.
  void marker(std::uint64_t id);

  bool open() const { return wanted_ || open_; }

  /// Draws it when it is open.
  void draw(PanelContext& context);

 private:
  enum class About { name, keep, marker };
  void show(About about, int person, std::string text);
  void accept(PanelContext& context);
  void cancel(PanelContext& context);

  About about_ = About::name;
  int person_ = 0;
  std::uint64_t marker_ = 0;
  std::chrono::steady_clock::time_point marked_{};
  std::string text_;
  bool wanted_ = false;
  bool open_ = false;
  bool focus_ = false;
};

}  // namespace mien::ui
