#pragma once

#include <string>
#include <vector>

#include "mien/base/model_card.hpp"

#include "anchors.hpp"

namespace mien {

/// Reads a detector's own words out of a card's `options`; throws Error that names the key.
class CardOptions {
 public:
  explicit CardOptions(const ModelCard& card) : card_id_(card.id), options_(card.options) {}

  float number(const std::string& key, float fallback, float low, float high) const;

  /// A short line of text; `fallback` when it is missing or something else.
  std::string text(const std::string& key, const std::string& fallback) const;

  /// [{"cells": 16, "anchors": 2}, ...]; at least one, each with another number of anchors in
  /// all, because that is how a network's outputs are told apart.
  std::vector<AnchorGrid> grids(const std::string& key) const;

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& what) const;

  std::string card_id_;
  nlohmann::json options_;
};

}  // namespace mien
