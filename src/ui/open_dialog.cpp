#include "open_dialog.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <imgui_stdlib.h>

#include "mien/base/paths.hpp"

#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"

namespace mien::ui {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOpenPopup = "##open";

std::string home() {
  std::string path = base::home_dir().string();
  if (!path.ends_with('/')) path += '/';
  return path;
}

const char* heading_for(OpenDialog::Wants wants) {
  switch (wants) {
    case OpenDialog::Wants::file:
      return "Open a video or a picture";
    case OpenDialog::Wants::folder:
      return "Open a folder of pictures";
    case OpenDialog::Wants::address:
      return "Open a network stream";
    case OpenDialog::Wants::model:
      return "Add a model: its folder, or a .onnx file";
  }
  return "";
}

/// A small folder or sheet, so that the two kinds are told apart at a glance.
void draw_icon(ImDrawList* list, const Theme& theme, ImVec2 at, float size, bool folder) {
  if (folder) {
    const ImU32 color = theme.colors.accent;
    list->AddRectFilled({at.x, at.y + size * 0.12F}, {at.x + size * 0.45F, at.y + size * 0.5F},
                        color, theme.px(2));
    list->AddRectFilled({at.x, at.y + size * 0.25F}, {at.x + size, at.y + size * 0.88F}, color,
                        theme.px(2));
  } else {
    list->AddRect({at.x + size * 0.06F, at.y + size * 0.14F},
                  {at.x + size * 0.94F, at.y + size * 0.86F}, theme.colors.dim, theme.px(2));
    list->AddTriangleFilled({at.x + size * 0.38F, at.y + size * 0.32F},
                            {at.x + size * 0.38F, at.y + size * 0.68F},
                            {at.x + size * 0.70F, at.y + size * 0.5F}, theme.colors.dim);
  }
}

}  // namespace

void OpenDialog::show(Wants wants) {
  wanted_ = true;
  wants_ = wants;
  problem_.clear();
  if (path_.empty()) path_ = home();
  listed_.clear();  // look again: files come and go
  accepted_path_.clear();
}

void OpenDialog::list_again() {
  const fs::path folder = split_typed(path_).folder;
  if (folder == listed_) return;
  listed_ = folder;
  inspector_.list(folder, kind());
}

void OpenDialog::finish(PanelContext& context, std::string spec) {
  if (wants_ == Wants::model) {
    context.ask(action::AddModel{std::move(spec)});
  } else {
    context.ask(action::OpenSource{std::move(spec)});
  }
  ImGui::CloseCurrentPopup();
}

void OpenDialog::accept(PanelContext& context) {
  problem_.clear();
  if (wants_ == Wants::address) {
    if (address_.find("://") == std::string::npos) {
      problem_ = "An address begins with http://, https:// or rtsp://.";
    } else {
      finish(context, address_);
    }
    return;
  }
  accepted_path_ = resolve_typed(path_);
  inspector_.inspect(accepted_path_);
}

void OpenDialog::accept(PanelContext& context, PathKind kind) {
  const std::string path = std::exchange(accepted_path_, {}).string();
  const bool taken = kind == PathKind::file ||
                     (wants_ == Wants::folder && kind != PathKind::missing) ||
                     (wants_ == Wants::model && kind == PathKind::model_folder);
  if (kind == PathKind::missing) {
    problem_ = "There is no such file or folder.";
  } else if (taken) {
    finish(context, path);
  } else {
    if (!path_.ends_with('/')) path_ += '/';
    focus_field_ = true;
  }
}

void OpenDialog::choose(PanelContext& context, const DirectoryListing::Entry& entry) {
  std::string folder = split_typed(path_).folder.string();
  if (!folder.ends_with('/')) folder += '/';
  path_ = folder + entry.name;
  problem_.clear();
  if (!ImGui::IsMouseDoubleClicked(0)) return;
  if (entry.folder) {
    path_ += '/';
  } else {
    finish(context, path_);
  }
}

void OpenDialog::draw_field(PanelContext& context) {
  ImGui::SetNextItemWidth(-1);
  if (focus_field_ || ImGui::IsWindowAppearing()) {
    ImGui::SetKeyboardFocusHere();
    to_end_ = true;
  }
  focus_field_ = false;
  const ImGuiInputTextFlags flags = ImGuiInputTextFlags_EnterReturnsTrue;
  if (wants_ == Wants::address) {
    if (ImGui::InputTextWithHint("##address", "rtsp://camera.local/stream", &address_, flags)) {
      accept(context);
    }
    return;
  }
  const auto complete = [](ImGuiInputTextCallbackData* data) {
    auto& self = *static_cast<OpenDialog*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackAlways) {
      // Getting the focus selects all; what is typed next is to be added, not to replace it.
      if (self.to_end_ && data->HasSelection()) {
        data->ClearSelection();
        data->CursorPos = data->BufTextLen;
        self.to_end_ = false;
      }
      return 0;
    }
    const std::string typed(data->Buf, static_cast<std::size_t>(data->BufTextLen));
    const TypedPath parts = split_typed(typed);
    const auto* listing = self.inspector_.listing();
    if (listing == nullptr || parts.folder != self.listed_) return 0;  // not known yet
    const std::string whole = completed(*listing, parts.stem);
    data->DeleteChars(data->BufTextLen - static_cast<int>(parts.stem.size()),
                      static_cast<int>(parts.stem.size()));
    data->InsertChars(data->BufTextLen, whole.c_str());
    self.problem_.clear();
    return 0;
  };
  if (ImGui::InputText(
          "##path", &path_,
          flags | ImGuiInputTextFlags_CallbackCompletion | ImGuiInputTextFlags_CallbackAlways,
          complete, this)) {
    accept(context);
  }
}

void OpenDialog::draw_list(PanelContext& context) {
  const DirectoryListing nothing_yet;
  const auto& listing = inspector_.listing() != nullptr ? *inspector_.listing() : nothing_yet;
  const auto& theme = context.theme;
  const float footer = ImGui::GetFrameHeightWithSpacing();
  ImGui::PushStyleColor(ImGuiCol_ChildBg, theme.colors.card);
  ImGui::BeginChild("##entries", {0, -footer}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
  const auto parts = split_typed(path_);
  const bool can_go_up = parts.folder.has_parent_path() && parts.folder != "/";
  const float row = theme.px(26);
  const float icon = theme.px(14);
  Pen pen(context, "open", ImGui::GetWindowDrawList());
  const auto line = [&](const std::string& name, bool folder, int id) {
    ImGui::PushID(id);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const bool clicked = ImGui::Selectable(
        "##row", name == parts.stem,
        ImGuiSelectableFlags_AllowDoubleClick | ImGuiSelectableFlags_DontClosePopups, {0, row});
    if (ImGui::IsItemVisible()) {
      draw_icon(pen.list(), theme, {at.x + theme.px(4), at.y + (row - icon) / 2}, icon, folder);
      const float left = at.x + theme.px(28);
      pen.text(theme.regular, {left, at.y + (row - font_height(theme.regular)) / 2},
               wants_ == Wants::folder && !folder ? theme.colors.dim : theme.colors.text,
               elide(theme.regular, name, at.x + width - left - theme.px(4)));
    }
    ImGui::PopID();
    return clicked;
  };
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (can_go_up && line("..", true, -1) && ImGui::IsMouseDoubleClicked(0)) {
    fs::path up = fs::absolute(parts.folder).lexically_normal();
    if (!up.has_filename()) up = up.parent_path();
    path_ = up.parent_path().string();
    if (!path_.ends_with('/')) path_ += '/';
  }
  const auto entries = matching(listing, parts.stem == ".." ? "" : parts.stem);
  // After a click the stem is the clicked name: the list must not shrink to it under the
  // pointer.
  const bool exact = std::any_of(entries.begin(), entries.end(),
                                 [&](const auto& e) { return e.name == parts.stem; });
  const auto& shown = exact ? listing.entries : entries;
  for (int i = 0; i < static_cast<int>(shown.size()); ++i) {
    const auto entry = shown[static_cast<std::size_t>(i)];
    if (line(entry.name, entry.folder, i)) choose(context, entry);
  }
  ImGui::PopStyleVar();
  if (shown.empty()) {
    const std::string text = inspector_.listing() == nullptr ? "Looking…"
                             : !listing.problem.empty()      ? listing.problem
                             : !parts.stem.empty()           ? "No matching names."
                             : wants_ == Wants::model
                                 ? "No folders or .onnx files in this folder."
                                 : "No folders, videos or pictures in this folder.";
    ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.dim);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopStyleColor();
  }
  if (listing.cut) ImGui::TextDisabled("More files: type a name to filter.");
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

void OpenDialog::draw_buttons(PanelContext& context) {
  const auto& theme = context.theme;
  const float width = theme.px(96);
  const float spacing = ImGui::GetStyle().ItemSpacing.x;
  const float left = ImGui::GetWindowContentRegionMax().x - 2 * width - spacing;
  ImGui::AlignTextToFramePadding();
  const std::string hint = !problem_.empty()          ? problem_
                           : !accepted_path_.empty()  ? "Looking…"
                           : wants_ == Wants::address ? "MJPEG over HTTP, or RTSP."
                           : wants_ == Wants::model   ? "Tab completes, Enter adds."
                                                      : "Tab completes, Enter opens.";
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text,
                        problem_.empty() ? theme.colors.dim : theme.colors.alarm);
  ImGui::TextUnformatted(
      elide(theme.small, hint, left - ImGui::GetCursorPosX() - spacing).c_str());
  ImGui::PopStyleColor();
  ImGui::PopFont();
  ImGui::SameLine(left);
  if (ImGui::Button("Cancel", {width, 0})) ImGui::CloseCurrentPopup();
  ImGui::SameLine();
  ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(0x2f, 0x6d, 0xa3, 255));
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, IM_COL32(0x38, 0x7d, 0xb9, 255));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, IM_COL32(0x41, 0x8b, 0xca, 255));
  if (ImGui::Button(wants_ == Wants::model ? "Add" : "Open", {width, 0})) accept(context);
  ImGui::PopStyleColor(3);
}

void OpenDialog::draw(PanelContext& context) {
  if (wanted_) ImGui::OpenPopup(kOpenPopup);
  wanted_ = false;
  const auto& theme = context.theme;
  const auto& window = context.layout.window;
  ImVec2 size{std::min(theme.px(620), window.width() - theme.px(60)),
              std::min(theme.px(480), window.height() - theme.px(90))};
  if (wants_ == Wants::address) size.y = 0;
  ImGui::SetNextWindowPos({window.width() / 2, window.height() / 2}, ImGuiCond_Always,
                          {0.5F, 0.5F});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(theme.px(20), theme.px(18)));
  open_ = ImGui::BeginPopupModal(kOpenPopup, nullptr,
                                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                     ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  if (!open_) return;
  if (wants_ != Wants::address) {
    list_again();
    if (inspector_.poll()) context.animating = true;  // an answer is waited for
    const auto kind = inspector_.take_kind();
    if (kind && !accepted_path_.empty()) accept(context, *kind);
  }
  ImGui::PushFont(theme.semibold);
  ImGui::TextUnformatted(heading_for(wants_));
  ImGui::PopFont();
  ImGui::Dummy({0, theme.px(2)});
  draw_field(context);
  if (wants_ != Wants::address)
    draw_list(context);
  else
    ImGui::Dummy({0, theme.px(4)});
  draw_buttons(context);
  ImGui::EndPopup();
}

void draw_open_panel(PanelContext& context) { context.state.dialog.draw(context); }

}  // namespace mien::ui
