#pragma once
/// The catalogue of optimizers, and what is put behind them by `|`.
#include <lamina/optimizer/adam.hpp>
#include <lamina/optimizer/adaptive.hpp>
#include <lamina/optimizer/clip.hpp>
#include <lamina/optimizer/compose.hpp>
#include <lamina/optimizer/line_search.hpp>
#include <lamina/optimizer/penalty.hpp>
#include <lamina/optimizer/schedule.hpp>
#include <lamina/optimizer/sgd.hpp>
