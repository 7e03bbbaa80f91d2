#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <unistd.h>
#include <vector>
#ifdef __SSE__
#include <immintrin.h>
#endif

/// Racing: contenders take turns in blocks of about two milliseconds, medians are compared, a table is printed and JSON
/// written.
namespace race {

inline std::string cpu_line(const std::string& key) {
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key)) return line.substr(std::min(line.size(), line.find(':') + 2));
  return "";
}

/// One thread for every library, and the kernels that OpenBLAS 0.3.21 does not choose by itself on newer processors.
/// Libraries read these variables before main, so the program starts itself once more. Denormal numbers count as zero,
/// as in every program linked with -Ofast: otherwise the moments of a dead unit, which fade to denormals in the course
/// of a long race, cost more than all the rest (LAMINA_BENCH_DENORMALS=1 keeps them).
inline void prepare(char** argv) {
#ifdef __SSE__
  if (!std::getenv("LAMINA_BENCH_DENORMALS")) _mm_setcsr(_mm_getcsr() | 0x8040); // flush to zero, denormals are zero
#endif
  if (std::getenv("OPENBLAS_NUM_THREADS") && std::getenv("OMP_NUM_THREADS")) return;
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  setenv("OMP_NUM_THREADS", "1", 1);
  if (cpu_line("flags").find("avx512f") != std::string::npos) setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
  execv("/proc/self/exe", argv);
}

inline const char* compiler() {
#ifdef __clang__
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

/// A name and a function that does the work n times.
struct contender {
  std::string name;
  std::function<void(long)> run;
};

template <class F> contender entry(std::string name, F f) {
  return {std::move(name), [f = std::move(f)](long n) mutable {
            for (long i = 0; i < n; ++i) f();
          }};
}

/// Processor time of this process, all its threads together: what others do on the machine meanwhile is not counted.
inline double now() {
  std::timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// The time on the wall, for those who use several threads. The machine should do nothing else.
inline double wall() {
  std::timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

using clock = double (*)();

inline double seconds(const std::function<void(long)>& run, long n, clock time = now) {
  const double start = time();
  run(n);
  return time() - start;
}

/// Median nanoseconds of one call, for each contender.
inline std::vector<double> medians(const std::vector<contender>& all, int repetitions = 41, double block = 2e-3,
                                   clock time = now) {
  std::vector<long> n(all.size(), 1);
  std::vector<std::vector<double>> times(all.size());
  for (std::size_t c = 0; c < all.size(); ++c)
    for (double t; (t = seconds(all[c].run, n[c], time)) < block;)
      n[c] = t < block / 16 ? n[c] * 8 : static_cast<long>(double(n[c]) * block / t) + 1;
  for (int k = 0; k < repetitions; ++k)
    for (std::size_t c = 0; c < all.size(); ++c)
      times[c].push_back(seconds(all[c].run, n[c], time) / double(n[c]) * 1e9);
  std::vector<double> result;
  for (auto& t : times) {
    std::nth_element(t.begin(), t.begin() + repetitions / 2, t.end());
    result.push_back(t[static_cast<std::size_t>(repetitions / 2)]);
  }
  return result;
}

/// What a table says about one piece of work.
struct result {
  std::string work;
  std::vector<std::string> names; // the first is ours
  std::vector<double> nanoseconds;
  double ratio, asked;
  std::string note;
  bool met() const { return ratio >= asked; }
};

/// Prints results as they come, and writes them all as JSON at the end (`--json FILE`).
class report {
public:
  report(std::string title, int argc, char** argv) : title_{std::move(title)} {
    for (int i = 1; i + 1 < argc; ++i)
      if (std::string{argv[i]} == "--json") file_ = argv[i + 1];
    std::printf("%s\n%s, %s\n", title_.c_str(), cpu_line("model name").c_str(), compiler());
  }
  report(const report&) = delete;
  ~report() {
    if (!file_.empty()) write();
  }

  /// The ratio is that of the best of the others to ours, or that of the best of those called `against`.
  void race(const std::string& work, double asked, const std::vector<contender>& all, const std::string& note = "",
            const std::vector<std::string>& against = {}, clock time = now) {
    result r{work, {}, medians(all, 41, 2e-3, time), 0, asked, note};
    double best = 1e300;
    for (std::size_t i = 0; i < all.size(); ++i) {
      r.names.push_back(all[i].name);
      if (i && (against.empty() || std::find(against.begin(), against.end(), all[i].name) != against.end()))
        best = std::min(best, r.nanoseconds[i]);
    }
    r.ratio = best / r.nanoseconds.front();
    if (r.names != names_) header(r.names);
    std::printf("%-22s", work.c_str());
    for (double t : r.nanoseconds) std::printf(" %14.1f", t);
    std::printf("  %6.2f  %6.2f  %s%s%s\n", r.ratio, asked, r.met() ? "met" : "MISSED", note.empty() ? "" : "  ",
                note.c_str());
    std::fflush(stdout);
    add(std::move(r));
  }
  const result& last() const { return results_.back(); }
  void remark(const std::string& text) {
    std::printf("  %s\n", text.c_str());
    results_.back().note += text;
  }
  void add(result r) { results_.push_back(std::move(r)); }
  bool all_met() const {
    return std::all_of(results_.begin(), results_.end(), [](const result& r) { return r.met(); });
  }

private:
  void header(const std::vector<std::string>& names) {
    std::printf("\n%-22s", "nanoseconds");
    for (const auto& n : names) std::printf(" %14s", n.c_str());
    std::printf("  %6s  %6s\n", "ratio", "asked");
    names_ = names;
  }
  void write() const {
    std::FILE* f = std::fopen(file_.c_str(), "w");
    if (!f) return void(std::fprintf(stderr, "%s cannot be written\n", file_.c_str()));
    char date[32];
    const std::time_t now = std::time(nullptr);
    std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
    std::fprintf(f,
                 "{\n  \"title\": \"%s\",\n  \"machine\": \"%s\",\n  \"compiler\": \"%s\",\n  \"date\": \"%s\",\n  "
                 "\"results\": [",
                 title_.c_str(), cpu_line("model name").c_str(), compiler(), date);
    for (std::size_t i = 0; i < results_.size(); ++i) {
      const result& r = results_[i];
      std::fprintf(f, "%s\n    {\"work\": \"%s\", \"nanoseconds\": {", i ? "," : "", r.work.c_str());
      for (std::size_t c = 0; c < r.names.size(); ++c)
        std::fprintf(f, "%s\"%s\": %.2f", c ? ", " : "", r.names[c].c_str(), r.nanoseconds[c]);
      std::fprintf(f, "}, \"ratio\": %.4f, \"asked\": %.4f, \"met\": %s, \"note\": \"%s\"}", r.ratio, r.asked,
                   r.met() ? "true" : "false", r.note.c_str());
    }
    std::fprintf(f, "\n  ]\n}\n");
    std::fclose(f);
  }
  std::string title_, file_;
  std::vector<std::string> names_;
  std::vector<result> results_;
};

} // namespace race
