#pragma once

#include <vector>

#include "mien/movements/measures.hpp"

namespace mien::movements {

/// The measures of people at rest: means of real faces (docs/movements.md says of which).
const Measures& population_neutral();

/// The rows of base::movements() that are found by geometry: the changes of the measures from
/// `neutral`, each over the strongest change that rendered faces show, of both ways the
/// larger: 1 at that, -1 as much the other way, within -2 and 2. The others are NaN;
/// LearnedMovements fills them in.
std::vector<float> geometric_movements(const Measures& measures, const Measures& neutral);

}  // namespace mien::movements
