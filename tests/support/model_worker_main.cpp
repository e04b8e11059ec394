#include "mien/analysis/model_tasks.hpp"

int main() { return mien::analysis::run_model_worker(); }
