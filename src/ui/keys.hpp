#pragma once

#include "mien/ui/panel.hpp"

namespace mien::ui {

/// Turns the keys that were pressed into actions. Leaves them to a text field that has the
/// focus.
void handle_keys(PanelContext& context);

/// What the keys do, for the help.
struct KeyHelp {
  const char* keys;
  const char* what;
};
std::span<const KeyHelp> key_help();

/// The element after the one that `is_current` holds for, going round; null for an empty list.
template <typename List, typename IsCurrent>
auto next_after(const List& list, IsCurrent&& is_current) -> decltype(list.data()) {
  if (list.empty()) return nullptr;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (is_current(list[i])) return &list[(i + 1) % list.size()];
  }
  return &list[0];
}

/// Whether the source in use is this camera.
bool is_source(const ViewModel& view, const sources::CameraInfo& camera);

}  // namespace mien::ui
