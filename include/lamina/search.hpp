#pragma once
/// Search for hyper-parameters and networks: on a grid, at random, coarse to fine.
#include <lamina/search/grid.hpp>
#include <lamina/search/random.hpp>
