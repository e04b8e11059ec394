#pragma once

#include <filesystem>

#include "mien/base/notice.hpp"
#include "mien/ui/panel.hpp"

namespace mien::ui {

/// The past sessions: look at one again, export it, read its report, find or delete its files.
class SessionsDialog {
 public:
  /// Opens it, and asks for the list to be made anew.
  void show(PanelContext& context);

  /// Draws it when it is open.
  void draw(PanelContext& context);

 private:
  void draw_list(PanelContext& context);
  void draw_row(PanelContext& context, const sessions::SessionEntry& session);
  void draw_buttons(PanelContext& context, const sessions::SessionEntry& session);
  void draw_exports(PanelContext& context, const sessions::SessionEntry& session);
  void draw_confirmation(PanelContext& context, const sessions::SessionEntry& session);
  /// What was done, or could not be: a notice goes away by itself, this stays.
  void remember_notice(const PanelContext& context);
  float notice_height(const Theme& theme) const;
  void draw_notice(const Theme& theme) const;
  void open(PanelContext& context, const sessions::SessionEntry& session);
  const sessions::SessionEntry* chosen(const PanelContext& context) const;

  bool wanted_ = false;
  bool asking_ = false;  ///< whether to delete the chosen one
  std::filesystem::path chosen_;
  base::Notice notice_;  ///< the newest since it was opened
};

}  // namespace mien::ui
