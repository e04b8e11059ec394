#include "teach_words.hpp"

#include <algorithm>

#include "mien/base/labels.hpp"

#include "people_state.hpp"
#include "words.hpp"

namespace mien {
namespace {

// Of the way from guessing to knowing; below, a model is not worth using.
constexpr double kWorthUsing = 0.3;
constexpr double kOften = 0.25;  // a label that is taken for another one so often is named

/// What no model should learn from. A turned head is an expression as good as any, and so is a
/// hand before the mouth.
bool bad_picture(Doubt doubt) {
  switch (doubt) {
    case Doubt::too_small:
    case Doubt::blurred:
    case Doubt::too_dark:
    case Doubt::too_bright:
    case Doubt::cut_off:
      return true;
    case Doubt::none:
    case Doubt::low_probability:
    case Doubt::close_labels:
    case Doubt::turned_away:
    case Doubt::covered:
    case Doubt::unlike:
      return false;
  }
  return false;
}

std::string quoted(const std::string& label) {
  return "“" + std::string(display_word(label)) + "”";
}

double chance(const TeachingView::Lesson& lesson) {
  return 1.0 / static_cast<double>(std::max<std::size_t>(1, lesson.labels));
}

}  // namespace

std::string face_refusal(const ViewModel& view, const UiState& state, int person) {
  using Status = LiveStatus::State;
  if (view.teaching.state == TeachingView::State::learning ||
      view.teaching.state == TeachingView::State::keeping) {
    return "It is learning; wait a moment.";
  }
  if (view.status.state == Status::paused || view.status.state == Status::ended) {
    return "The picture stands still; close this and press Space to go on.";
  }
  const bool seen = view.analysis && view.reading_strength > 0.01f;
  if (!seen || view.analysis->readings.empty()) return "Nobody is in view.";
  const auto& readings = view.analysis->readings;
  const auto it = std::find_if(readings.begin(), readings.end(),
                               [&](const auto& r) { return r.person == person; });
  if (it == readings.end()) {
    return person_name(state, person) +
           " is not in view, somebody else is: choose whose face "
           "is taught.";
  }
  if (bad_picture(it->verdict.doubt)) {
    return std::string("Not taken: ") + describe(it->verdict.doubt) + ".";
  }
  return {};
}

bool hardly_better_than_chance(const TeachingView::Lesson& lesson) {
  return lesson.accuracy < chance(lesson) + kWorthUsing * (1 - chance(lesson));
}

std::string lesson_words(const TeachingView::Lesson& lesson) {
  const auto share = [](double value) { return percent(static_cast<float>(value)); };
  std::string words = "“" + lesson.name + "” was right about " + share(lesson.accuracy) +
                      " of the faces that were held out; guessing gets " +
                      share(chance(lesson)) + ".";
  if (lesson.mistaken >= kOften) {
    words += " It takes " + quoted(lesson.shown) + " for " + quoted(lesson.answered) + " in " +
             share(lesson.mistaken) + ": show them more differently.";
  } else if (hardly_better_than_chance(lesson)) {
    words += " It can hardly tell these faces apart: show them more differently.";
  } else if (!lesson.current) {
    words += " The examples have changed since; learn again to use them.";
  }
  return words;
}

std::string readiness_words(const TeachingView& teaching) {
  if (teaching.labels.empty()) {
    return "Nothing was shown yet. What you show stays in memory until you keep what was "
           "learned.";
  }
  if (!teaching.missing.empty()) return teaching.missing;
  std::size_t all = 0;
  for (const auto& label : teaching.labels) all += label.examples;
  return "Ready to learn from " + std::to_string(all) + " examples of " +
         std::to_string(teaching.labels.size()) +
         " labels. They stay in memory; keeping writes the model, never a picture.";
}

}  // namespace mien
