#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "mien/movements/movement_network.hpp"

namespace mien::testing {

/// A network of movements that says what it is told, whatever the mesh.
class FakeMovementNetwork : public movements::MovementNetwork {
 public:
  using Answer = std::function<std::vector<float>(const std::vector<float>& change)>;
  FakeMovementNetwork(std::vector<std::string> outputs, Answer answer)
      : outputs_(std::move(outputs)), answer_(std::move(answer)) {}

  const std::string& id() const override { return id_; }
  const std::vector<std::string>& outputs() const override { return outputs_; }
  std::vector<float> run(const std::vector<float>& change) override { return answer_(change); }

 private:
  std::string id_ = "fake-movements";
  std::vector<std::string> outputs_;
  Answer answer_;
};

}  // namespace mien::testing
