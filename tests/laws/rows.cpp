// Every row of the catalogue, by the name that users type, is in a test.
#include <algorithm>
#include <catch.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

const std::vector<std::string> rows = {
    // layers
    "input", "dense", "no_bias", "from", "named", "activation", "maxout", "pieces", "flatten", "reshape", "dropout",
    "gaussian_noise", "batch_norm", "layer_norm", "group_norm", "rms_norm", "channel_dropout", "softmax", "log_softmax",
    "conv1d", "conv2d", "conv_transpose2d", "kernel", "stride", "padding", "same_padding", "dilation", "groups",
    "output_padding", "max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d", "global_avg_pool", "global_max_pool",
    "residual", "shortcut", "branches", "path", "concat", "add", "weight_of", "transposed_weight_of",
    // sequences
    "token_input", "embedding", "mean_embedding", "rnn", "jordan_rnn", "lstm", "gru", "return_sequence", "truncated",
    "bidirectional", "causal_conv1d", "per_step", "self_attention", "causal", "positional_encoding", "stream", "voices",
    "Streamable", "generate",
    // activations
    "identity", "step", "sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "relu", "relu6", "leaky_relu", "prelu", "elu",
    "selu", "celu", "gelu", "gelu_tanh", "silu", "swish", "mish", "softplus", "softsign", "hard_swish", "argmax",
    // losses
    "mean_squared_error", "mean_absolute_error", "huber", "log_cosh", "binary_cross_entropy", "softmax_cross_entropy",
    "negative_log_likelihood", "kl_divergence", "hinge", "negative_sampling",
    // words
    "characters", "words", "vocabulary", "next_token_windows", "word2vec", "cbow", "skip_gram", "nearest", "analogy",
    // optimizers and their parts
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamax", "nadam", "adamw", "lion", "l1",
    "l2", "elastic_net", "weight_decay", "max_norm", "clip_by_value", "clip_by_global_norm", "accumulate_gradients",
    "backtracking", "best_of_grid",
    // schedules
    "constant_rate", "step_decay", "exponential_decay", "inverse_time", "polynomial", "cyclic_triangular",
    "cosine_annealing", "cosine_warm_restarts", "one_cycle", "linear_warmup", "reduce_on_plateau", "growing_momentum",
    // initializers
    "zeros", "constant", "uniform", "normal", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun",
    "orthogonal", "lsuv",
    // training
    "early_stopping", "checkpoint", "csv_log", "resume", "accuracy", "top_k_accuracy", "confusion_matrix",
    "evaluate_confusion", "precision", "recall", "r_squared", "mean_loss", "k_fold", "bagging", "bootstrap", "ensemble",
    "average", "weight_average", "fold_batch_norm", "save_dataset", "map_dataset", "threads",
    // files
    "load_mnist", "load_images", "load_cifar10", "save_image", "load_csv", "load_npy", "load_npz", "load_text",
    "load_wav", "save_wav", "load_keras", "save", "load",
    // augmentation
    "augment::shift", "augment::rotate", "augment::scale", "augment::elastic", "augment::noise", "augment::crop",
    "augment::flip",
    // search
    "search::grid", "search::random", "search::coarse_to_fine", "log_uniform", "choice",
    // pre-training
    "pretrain", "autoencoder", "denoising_autoencoder", "restricted_boltzmann"};

} // namespace

TEST_CASE("every row of the catalogue is in a test by its name") {
  std::set<std::string> words; // and names in a namespace, as `augment::shift`
  for (const auto& entry : std::filesystem::recursive_directory_iterator(LAMINA_TESTS_DIRECTORY)) {
    const auto& path = entry.path();
    if ((path.extension() != ".cpp" && path.extension() != ".hpp") || path.filename() == "rows.cpp") continue;
    std::ifstream file{path};
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto is_letter = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
    std::string before, word;
    for (auto at = text.begin(); at != text.end();) {
      const auto start = std::find_if(at, text.end(), is_letter), end = std::find_if_not(start, text.end(), is_letter);
      const bool inside = std::string_view(at, start) == "::";
      word.assign(start, end);
      if (inside) words.insert(before + "::" + word);
      words.insert(word);
      before = word, at = end;
    }
  }
  for (const std::string& name : rows) {
    INFO(name);
    CHECK(words.count(name) == 1);
  }
}
