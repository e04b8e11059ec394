#pragma once

#include <string>

#include "mien/ui/panel.hpp"

#include "directory_listing.hpp"

namespace mien::ui {

/// Asks for a file, a folder or a network address. A path can be typed, with Tab to complete
/// it, or found by clicking.
class OpenDialog {
 public:
  enum class Wants { file, folder, address, model };

  void show(Wants wants);
  bool open() const { return open_; }

  /// Draws it when it is open. Asks for the source that was chosen.
  void draw(PanelContext& context);

 private:
  DirectoryListing::Kind kind() const {
    return wants_ == Wants::model ? DirectoryListing::Kind::models
                                  : DirectoryListing::Kind::media;
  }
  void list_again();
  void draw_field(PanelContext& context);
  void draw_list(PanelContext& context);
  void draw_buttons(PanelContext& context);
  void choose(PanelContext& context, const DirectoryListing::Entry& entry);
  void accept(PanelContext& context);
  void accept(PanelContext& context, PathKind place);
  void finish(PanelContext& context, std::string spec);

  bool wanted_ = false;
  bool open_ = false;
  bool focus_field_ = false;
  bool to_end_ = false;  ///< put the cursor behind what is there
  Wants wants_ = Wants::file;
  std::string path_;  ///< as typed
  std::string address_;
  std::string problem_;  ///< what was wrong with the last try
  PathInspector inspector_;
  std::filesystem::path listed_;         ///< the folder that inspector_ lists
  std::filesystem::path accepted_path_;  ///< accepted, and being looked at; empty: none
};

}  // namespace mien::ui
