#pragma once
/// Words as vectors, learned from a text: `word2vec`, by `skip_gram` or `cbow`; `nearest`, `analogy`, `save` and
/// `load`.
#include <lamina/word2vec/files.hpp>
#include <lamina/word2vec/nearest.hpp>
#include <lamina/word2vec/word2vec.hpp>
