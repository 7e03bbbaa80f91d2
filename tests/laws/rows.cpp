// Every row of the catalogue, by the name that users type, is in a test.
#include <catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace {

const std::vector<std::string> rows = {
    // layers
    "input", "dense", "no_bias", "from", "named", "activation", "maxout", "pieces", "flatten", "reshape", "dropout",
    "gaussian_noise", "batch_norm", "layer_norm", "group_norm", "rms_norm", "channel_dropout", "softmax", "log_softmax",
    "conv1d", "conv2d", "conv_transpose2d", "kernel", "stride", "padding", "same_padding", "dilation", "groups",
    "output_padding", "max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d", "global_avg_pool", "global_max_pool",
    "residual", "shortcut", "branches", "path", "concat", "add",
    // activations
    "identity", "step", "sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "relu", "relu6", "leaky_relu", "prelu", "elu",
    "selu", "celu", "gelu", "gelu_tanh", "silu", "swish", "mish", "softplus", "softsign", "hard_swish", "argmax",
    // losses
    "mean_squared_error", "mean_absolute_error", "huber", "log_cosh", "binary_cross_entropy", "softmax_cross_entropy",
    "negative_log_likelihood", "kl_divergence", "hinge", "negative_sampling",
    // words
    "word2vec", "cbow", "skip_gram", "nearest", "analogy",
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
    // images in files
    "load_images", "load_cifar10", "save_image",
    // augmentation
    "augment::shift", "augment::rotate", "augment::scale", "augment::elastic", "augment::noise", "augment::crop",
    "augment::flip",
    // search
    "search::grid", "search::random", "search::coarse_to_fine", "log_uniform", "choice",
    // pre-training
    "pretrain", "autoencoder", "denoising_autoencoder", "restricted_boltzmann"};

} // namespace

TEST_CASE("every row of the catalogue is in a test by its name") {
  std::string tests;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(LAMINA_TESTS_DIRECTORY)) {
    const auto& path = entry.path();
    if ((path.extension() != ".cpp" && path.extension() != ".hpp") || path.filename() == "rows.cpp") continue;
    std::ifstream file{path};
    tests.append(std::istreambuf_iterator<char>(file), {});
  }
  for (const std::string& name : rows) {
    INFO(name);
    CHECK(std::regex_search(tests, std::regex("\\b" + name + "\\b")));
  }
}
