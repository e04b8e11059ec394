#include "assignment.hpp"

#include <limits>

namespace mien::faces {

// Rows join one by one. Each time, the shortest path in reduced costs from the new row to a
// free column is found (as Dijkstra would), and the columns on it change hands. Index 0 stands
// for "none", rows and columns count from 1.
std::vector<std::size_t> assign(const CostTable& table) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::size_t n = table.rows;
  const std::size_t m = table.columns;
  std::vector<double> row_potential(n + 1, 0);
  std::vector<double> column_potential(m + 1, 0);
  std::vector<std::size_t> owner(m + 1, 0);  // of each column
  std::vector<std::size_t> before(m + 1, 0);
  for (std::size_t joining = 1; joining <= n; ++joining) {
    owner[0] = joining;
    std::size_t column = 0;
    std::vector<double> reach(m + 1, kInfinity);
    std::vector<bool> done(m + 1, false);
    do {
      done[column] = true;
      const std::size_t row = owner[column];
      double step = kInfinity;
      std::size_t next = 0;
      for (std::size_t j = 1; j <= m; ++j) {
        if (done[j]) continue;
        const double reduced =
            table.at(row - 1, j - 1) - row_potential[row] - column_potential[j];
        if (reduced < reach[j]) {
          reach[j] = reduced;
          before[j] = column;
        }
        if (reach[j] < step) {
          step = reach[j];
          next = j;
        }
      }
      for (std::size_t j = 0; j <= m; ++j) {
        if (done[j]) {
          row_potential[owner[j]] += step;
          column_potential[j] -= step;
        } else {
          reach[j] -= step;
        }
      }
      column = next;
    } while (owner[column] != 0);
    while (column != 0) {
      owner[column] = owner[before[column]];
      column = before[column];
    }
  }
  std::vector<std::size_t> columns(n, 0);
  for (std::size_t j = 1; j <= m; ++j) {
    if (owner[j] != 0) columns[owner[j] - 1] = j - 1;
  }
  return columns;
}

}  // namespace mien::faces
