#include "mien/movements/opinion_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

namespace mien::movements {
namespace {

using Step = OpinionRules::Step;
using Do = Step::Do;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr const char* kMoreWords[] = {"pose_pitch", "pose_yaw", "pose_roll", "eyes_open",
                                      "looks_at_camera"};

/// What is wrong with a line; the end of a sentence.
struct Mistake {
  std::string what;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a formula into steps. A truth and a number are kept apart: nothing can be added to the
/// one, and the other is neither right nor wrong.
class FormulaReader {
 public:
  explicit FormulaReader(std::string_view text) : text_(text) { next(); }

  std::vector<Step> read() {
    const Kind kind = read_or();
    if (!token_.empty()) throw Mistake{"has " + shown() + " where its formula should end"};
    if (kind == Kind::number) {
      throw Mistake{"has a formula that is a number; compare it, as in \"smile_right > 0.5\""};
    }
    return std::move(steps_);
  }

 private:
  enum class Kind { number, truth };

  /// Deep nesting in a file from outside must not exhaust the stack.
  class Nested {
   public:
    explicit Nested(int& depth) : depth_(depth) {
      if (depth_ >= OpinionRules::kMostDepth) {
        throw Mistake{"has a formula with too much in parentheses; make two rules of it"};
      }
      ++depth_;
    }
    ~Nested() { --depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    int& depth_;
  };

  std::string shown() const {
    return token_.empty() ? std::string("nothing more")
                          : "\"" + base::clean_text(token_, 40) + "\"";
  }

  void next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    const std::size_t start = at_;
    if (at_ == text_.size()) {
      token_ = {};
      return;
    }
    const char c = text_[at_];
    if (is_letter(c) || is_digit(c) || c == '.') {
      // "2x" is one token, which is then neither a number nor a word.
      while (at_ < text_.size() &&
             (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) {
        ++at_;
      }
    } else if ((c == '<' || c == '>') && at_ + 1 < text_.size() && text_[at_ + 1] == '=') {
      at_ += 2;
    } else {
      at_ += std::max<std::size_t>(1, base::utf8_length(text_.substr(at_)));
    }
    token_ = text_.substr(start, at_ - start);
  }

  bool take(std::string_view token) {
    if (token_ != token) return false;
    next();
    return true;
  }

  void add(Do what) { steps_.push_back({what, 0, 0}); }

  static void need(Kind kind, Kind wanted, std::string_view before) {
    if (kind == wanted) return;
    throw Mistake{"has a " + std::string(wanted == Kind::number ? "comparison" : "number") +
                  " beside \"" + std::string(before) + "\", which needs a " +
                  std::string(wanted == Kind::number ? "number" : "comparison") + " there"};
  }

  Kind read_or() {
    Kind kind = read_and();
    while (take("or")) {
      need(kind, Kind::truth, "or");
      need(read_and(), Kind::truth, "or");
      add(Do::either);
    }
    return kind;
  }

  Kind read_and() {
    Kind kind = read_not();
    while (take("and")) {
      need(kind, Kind::truth, "and");
      need(read_not(), Kind::truth, "and");
      add(Do::both);
    }
    return kind;
  }

  Kind read_not() {
    if (!take("not")) return read_comparison();
    const Nested nested(depth_);
    need(read_not(), Kind::truth, "not");
    add(Do::opposite);
    return Kind::truth;
  }

  Kind read_comparison() {
    constexpr std::pair<const char*, Do> kSigns[] = {
        {"<", Do::less}, {"<=", Do::less_or_same}, {">", Do::more}, {">=", Do::more_or_same}};
    const Kind kind = read_sum();
    for (const auto& [sign, what] : kSigns) {
      if (!take(sign)) continue;
      need(kind, Kind::number, sign);
      need(read_sum(), Kind::number, sign);
      add(what);
      return Kind::truth;
    }
    return kind;
  }

  Kind read_sum() {
    const Kind kind = read_product();
    while (token_ == "+" || token_ == "-") {
      const std::string sign(token_);
      next();
      need(kind, Kind::number, sign);
      need(read_product(), Kind::number, sign);
      add(sign == "+" ? Do::add : Do::subtract);
    }
    return kind;
  }

  Kind read_product() {
    const Kind kind = read_signed();
    while (token_ == "*" || token_ == "/") {
      const std::string sign(token_);
      next();
      need(kind, Kind::number, sign);
      need(read_signed(), Kind::number, sign);
      add(sign == "*" ? Do::multiply : Do::divide);
    }
    return kind;
  }

  Kind read_signed() {
    if (!take("-")) return read_one();
    const Nested nested(depth_);
    need(read_signed(), Kind::number, "-");
    add(Do::negate);
    return Kind::number;
  }

  Kind read_one() {
    if (take("(")) {
      const Nested nested(depth_);
      const Kind kind = read_or();
      if (!take(")")) throw Mistake{"has " + shown() + " where a \")\" should be"};
      return kind;
    }
    if (take("never")) {
      steps_.push_back({Do::number, 0, 0});
      return Kind::truth;
    }
    if (!token_.empty() && (is_digit(token_.front()) || token_.front() == '.')) {
      Step step;
      if (!base::parse_number(token_, step.number) || !std::isfinite(step.number)) {
        throw Mistake{"has " + shown() + ", which is no number"};
      }
      steps_.push_back(step);
      next();
      return Kind::number;
    }
    if (!token_.empty() && is_letter(token_.front())) {
      const auto& words = OpinionRules::words();
      const auto found = std::find(words.begin(), words.end(), token_);
      if (found == words.end()) {
        throw Mistake{"has " + shown() +
                      ", which is no movement; docs/movements.md lists them"};
      }
      steps_.push_back({Do::word, static_cast<std::size_t>(found - words.begin()), 0});
      next();
      return Kind::number;
    }
    throw Mistake{"has " + shown() + " where a movement or a number should be"};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view token_;  ///< empty at the end
  int depth_ = 0;
  std::vector<Step> steps_;
};

float truth_of(bool known, bool yes) { return !known ? kUnknown : yes ? 1.F : 0.F; }

/// Of numbers, NaN when one is unknown; of truths, unknown unless one alone decides.
float result_of(Do what, float a, float b) {
  const bool known = !std::isnan(a) && !std::isnan(b);
  switch (what) {
    case Do::add:
      return a + b;
    case Do::subtract:
      return a - b;
    case Do::multiply:
      return a * b;
    case Do::divide:
      return b == 0 ? kUnknown : a / b;
    case Do::less:
      return truth_of(known, a < b);
    case Do::less_or_same:
      return truth_of(known, a <= b);
    case Do::more:
      return truth_of(known, a > b);
    case Do::more_or_same:
      return truth_of(known, a >= b);
    case Do::both:
      return a == 0 || b == 0 ? 0.F : truth_of(known, true);
    case Do::either:
      return a == 1 || b == 1 ? 1.F : truth_of(known, false);
    default:
      return kUnknown;
  }
}

float value_of(const std::vector<Step>& formula, const std::vector<float>& words,
               std::vector<float>& stack) {
  stack.clear();
  for (const Step& step : formula) {
    switch (step.what) {
      case Do::number:
        stack.push_back(step.number);
        break;
      case Do::word:
        stack.push_back(step.word < words.size() ? words[step.word] : kUnknown);
        break;
      case Do::negate:
        stack.back() = -stack.back();
        break;
      case Do::opposite:
        stack.back() = 1 - stack.back();
        break;
      default: {
        const float b = stack.back();
        stack.pop_back();
        stack.back() = result_of(step.what, stack.back(), b);
      }
    }
  }
  return stack.size() == 1 ? stack.back() : kUnknown;
}

/// The values of OpinionRules::words(); NaN where nothing is known.
std::vector<float> word_values(const base::FaceGeometry& geometry) {
  std::vector<float> values(OpinionRules::words().size(), kUnknown);
  const std::size_t rows = base::movements().size();
  std::copy_n(geometry.movements.begin(), std::min(rows, geometry.movements.size()),
              values.begin());
  if (geometry.pose) {
    values[rows] = geometry.pose->pitch;
    values[rows + 1] = geometry.pose->yaw;
    values[rows + 2] = geometry.pose->roll;
  }
  if (geometry.eyes.opening > 0) values[rows + 3] = geometry.eyes.opening;
  if (geometry.towards_camera) values[rows + 4] = *geometry.towards_camera ? 1 : 0;
  return values;
}

std::optional<std::uint8_t> hex_byte(std::string_view two) {
  unsigned value = 0;
  for (const char c : two) {
    const char low = base::ascii_lower(c);
    if (!is_digit(low) && !(low >= 'a' && low <= 'f')) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(is_digit(low) ? low - '0' : low - 'a' + 10);
  }
  return static_cast<std::uint8_t>(value);
}

void read_colour(std::string_view text, Opinion& opinion) {
  std::optional<std::uint8_t> parts[3];
  if (text.size() == 7 && text.front() == '#') {
    for (std::size_t i = 0; i < 3; ++i) parts[i] = hex_byte(text.substr(1 + 2 * i, 2));
  }
  if (!parts[0] || !parts[1] || !parts[2]) {
    throw Mistake{"has a colour that is none; write it as #E69F00, red, green and blue"};
  }
  opinion.r = *parts[0];
  opinion.g = *parts[1];
  opinion.b = *parts[2];
}

std::string name_in(const std::string& line) {
  if (line.back() != ']') throw Mistake{"begins a name with \"[\" that no \"]\" ends"};
  auto name = base::trimmed(std::string_view(line).substr(1, line.size() - 2));
  if (name.empty()) throw Mistake{"has an empty name between \"[\" and \"]\""};
  if (name.size() > OpinionRules::kMostNameBytes || base::has_control_characters(name)) {
    throw Mistake{"has a name that is longer than " +
                  std::to_string(OpinionRules::kMostNameBytes) +
                  " bytes or has control characters in it"};
  }
  return name;
}

/// A rule while its lines are read.
struct Draft {
  std::size_t line = 0;  ///< of its name
  Opinion opinion;
  bool coloured = false;
  std::vector<Step> formula;
};

// The yellow of Okabe and Ito, where a rule says no colour.
Opinion uncoloured(std::string name) { return {std::move(name), 0xF0, 0xE4, 0x42}; }

void read_key(const std::string& line, Draft& rule) {
  const auto equals = line.find('=');
  if (equals == std::string::npos) {
    throw Mistake{"is neither a [name] nor \"when = ...\" nor \"colour = ...\""};
  }
  const std::string key = base::trimmed(std::string_view(line).substr(0, equals));
  const std::string value = base::trimmed(std::string_view(line).substr(equals + 1));
  if (key == "when") {
    if (!rule.formula.empty()) throw Mistake{"has a second \"when\" for the same rule"};
    if (value.size() > OpinionRules::kMostFormulaBytes) {
      throw Mistake{"has a formula of more than " +
                    std::to_string(OpinionRules::kMostFormulaBytes) + " bytes"};
    }
    rule.formula = FormulaReader(value).read();
  } else if (key == "colour") {
    if (rule.coloured) throw Mistake{"has a second \"colour\" for the same rule"};
    read_colour(value, rule.opinion);
    rule.coloured = true;
  } else {
    throw Mistake{"has the key \"" + base::clean_text(key, 40) +
                  "\"; known are \"when\" and \"colour\""};
  }
}

std::vector<Draft> read_drafts(std::string_view text, std::size_t& number) {
  std::vector<Draft> drafts;
  const auto finish = [&] {
    if (!drafts.empty() && drafts.back().formula.empty()) {
      number = drafts.back().line;
      throw Mistake{"has a rule without \"when = ...\""};
    }
  };
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // which some editors write
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view raw = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (raw.ends_with('\r')) raw.remove_suffix(1);
    const std::string line = base::trimmed(raw);
    if (line.empty() || line.front() == '#') continue;
    if (!base::is_utf8(line)) throw Mistake{"is not valid UTF-8"};
    if (line.front() == '[') {
      const std::size_t here = number;
      finish();
      number = here;
      Draft draft{here, uncoloured(name_in(line)), false, {}};
      for (const auto& other : drafts) {
        if (other.opinion.name == draft.opinion.name) {
          throw Mistake{"has the name of line " + std::to_string(other.line) +
                        " a second time"};
        }
      }
      if (drafts.size() == OpinionRules::kMostRules) {
        throw Mistake{"begins more than " + std::to_string(OpinionRules::kMostRules) +
                      " rules"};
      }
      drafts.push_back(std::move(draft));
    } else if (drafts.empty()) {
      throw Mistake{"stands before the first [name]"};
    } else {
      read_key(line, drafts.back());
    }
  }
  finish();
  return drafts;
}

}  // namespace

const std::vector<std::string>& OpinionRules::words() {
  static const std::vector<std::string> kAll = [] {
    std::vector<std::string> all;
    for (const auto& movement : base::movements()) all.emplace_back(movement.id);
    all.insert(all.end(), std::begin(kMoreWords), std::end(kMoreWords));
    return all;
  }();
  return kAll;
}

OpinionRules OpinionRules::parse(std::string_view text, const std::string& where) {
  const std::string begin = "The rules in " + where + " cannot be used: ";
  if (text.size() > kMostBytes) {
    throw base::Error(begin + "there are more than " + std::to_string(kMostBytes) +
                      " bytes; remove some of them.");
  }
  std::size_t line = 0;
  OpinionRules rules;
  try {
    for (auto& draft : read_drafts(text, line)) {
      rules.rules_.push_back({std::move(draft.opinion), std::move(draft.formula)});
    }
  } catch (const Mistake& mistake) {
    throw base::Error(begin + "line " + std::to_string(line) + " " + mistake.what + ".");
  }
  return rules;
}

OpinionRules OpinionRules::with(const OpinionRules& more) const {
  OpinionRules all = *this;
  for (const auto& rule : more.rules_) {
    const auto same = std::find_if(all.rules_.begin(), all.rules_.end(), [&](const auto& own) {
      return own.opinion.name == rule.opinion.name;
    });
    if (same != all.rules_.end()) {
      *same = rule;
    } else {
      all.rules_.push_back(rule);
    }
  }
  return all;
}

std::vector<Opinion> OpinionRules::opinions(const base::FaceReading& reading) const {
  std::vector<Opinion> said;
  if (!reading.geometry || reading.geometry->movements.empty() || rules_.empty()) return said;
  const auto words = word_values(*reading.geometry);
  std::vector<float> stack;
  for (const auto& rule : rules_) {
    if (value_of(rule.formula, words, stack) == 1) said.push_back(rule.opinion);
  }
  return said;
}

}  // namespace mien::movements
