#pragma once

#include <cstddef>
#include <vector>

namespace mien::faces {

/// Costs of giving each row one column, row by row.
struct CostTable {
  std::size_t rows = 0;
  std::size_t columns = 0;  ///< at least `rows`
  std::vector<double> cost;

  double at(std::size_t row, std::size_t column) const { return cost[row * columns + column]; }
};

/// The column of each row, each column used once at most, with the smallest sum of costs: the
/// Hungarian method with potentials (Kuhn 1955; Munkres 1957), rows * rows * columns steps.
std::vector<std::size_t> assign(const CostTable& table);

}  // namespace mien::faces
