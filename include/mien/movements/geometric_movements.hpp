#pragma once

#include <vector>

#include "mien/movements/measures.hpp"

namespace mien::movements {

/// The measures of people at rest: means of real faces (docs/movements.md says of which).
const Measures& population_neutral();

/// base::movements() by geometry alone: the changes of the measures from `neutral`, each over
/// the strongest change that rendered faces show, within -2 and 2. A movement that geometry
/// does not tell is NaN.
///
/// A network that is learned, from the difference of HeadFit::face to the same of the person's
/// neutral face, would take the place of some of these values or fill in what is NaN: in
/// MovementReader, where this is called.
std::vector<float> geometric_movements(const Measures& measures, const Measures& neutral);

}  // namespace mien::movements
