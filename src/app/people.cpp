#include "people.hpp"

#include <utility>

namespace mien {

People::People(std::filesystem::path kept, BackgroundQueue* disk, LiveSession& live,
               ViewModel& view)
    : kept_(std::move(kept), disk), live_(live), view_(view) {
  if (!kept_.problem().empty()) {
    view_.notices.push_back({Notice::Level::warning, kept_.problem()});
  }
}

void People::handle(const action::NamePerson& action) {
  auto& names = view_.replay ? replayed_names_ : names_;
  if (action.name.empty()) {
    names.erase(action.person);
  } else {
    names[action.person] = action.name;
  }
}

void People::handle(const action::SetNeutral& action) {
  live_.request(
      {.baselines = {{.kind = BaselineRequest::Kind::begin, .person = action.person}}});
}

void People::handle(const action::ClearNeutral& action) {
  live_.request(
      {.baselines = {{.kind = BaselineRequest::Kind::clear, .person = action.person}}});
}

void People::handle(const action::SaveNeutral& action) {
  auto baseline = live_.snapshot().baseline(action.person);
  if (!baseline) {
    view_.notices.push_back(
        {Notice::Level::warning, "There is no resting face of “" + action.name +
                                     "” to save yet; set neutral first, and stay in view."});
    return;
  }
  kept_.save(action.name, std::move(*baseline));
  view_.notices.push_back({Notice::Level::info, "Saved the resting face of “" + action.name +
                                                    "” on this computer."});
}

void People::handle(const action::LoadNeutral& action) {
  if (auto baseline = kept_.find(action.name, view_.status.baseline_model)) {
    live_.request({.baselines = {{.kind = BaselineRequest::Kind::use,
                                  .person = action.person,
                                  .baseline = std::move(*baseline)}}});
  }
}

void People::handle(const action::DeleteNeutral& action) {
  kept_.remove(action.name);
  view_.notices.push_back(
      {Notice::Level::info, "Deleted the saved resting face of “" + action.name + "”."});
}

void People::poll() {
  if (auto problem = kept_.take_problem()) {
    view_.notices.push_back({Notice::Level::error, std::move(*problem)});
  }
  view_.kept_people = kept_.names(view_.status.baseline_model);
  if (!view_.replay) {
    view_.names = names_;
    return;
  }
  const auto& session = view_.replay->session;
  if (replayed_.lock() != session) {
    replayed_ = session;
    replayed_names_ = session->names;
    std::erase_if(replayed_names_, [](const auto& entry) { return entry.second.empty(); });
  }
  view_.names = replayed_names_;
}

}  // namespace mien
