#pragma once
/// Augmentation: steps put behind a data set by `|`, which the trainer draws anew in every epoch.
#include <lamina/data/augment/augmented.hpp>
#include <lamina/data/augment/crop.hpp>
#include <lamina/data/augment/elastic.hpp>
#include <lamina/data/augment/flip.hpp>
#include <lamina/data/augment/image.hpp>
#include <lamina/data/augment/noise.hpp>
#include <lamina/data/augment/rotate.hpp>
#include <lamina/data/augment/scale.hpp>
#include <lamina/data/augment/shift.hpp>
