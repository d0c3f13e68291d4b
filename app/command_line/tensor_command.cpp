#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <sstream>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/pass.h"
#include "app/command_line/tensor_text.h"
#include "engine/base/text_file.h"
#include "engine/tensor_language/chain_json.h"
#include "engine/tensor_language/syntax.h"

namespace nanscope {
namespace {

struct Output {
  bool json = false, csv = false;
  int indent = 2;  ///< of the JSON; -1 is one line

  int write(const TensorChain& chain) const {
    if (json) return print(to_json(chain, indent) + '\n');
    return print(csv ? to_csv(chain) : to_text(chain));
  }
};

int run_one(const TensorRequest& request, const Output& output) {
  // Before LibTorch is opened.
  if (const auto good = check_program(request.expression); !good) return report(good.error());
  int status = kDone;
  const Result<void> done = run_chains({request}, [&](const TensorChain& chain) {
    status = output.write(chain);
    if (status == kDone && chain.error) status = kFailed;
    return status;
  });
  return done ? status : report(done.error());
}

/// One expression a line, one JSON object a line: errors are part of it, and no reason to stop.
int run_lines(const TensorRequest& request, Output output) {
  std::vector<TensorRequest> requests;
  const auto text = decoded({std::istreambuf_iterator<char>(std::cin), {}});
  if (!text) return report(text.error());
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    requests.push_back(request);
    requests.back().expression = line;
  }
  output.json = true;
  output.indent = -1;
  int status = kDone;
  const Result<void> done =
      run_chains(requests, [&](const TensorChain& chain) { return status = output.write(chain); });
  return done ? status : report(done.error());
}

/// As torch.manual_seed() takes it: 64 bits, with or without a sign.
Result<std::uint64_t> seed_of(const std::string& text) {
  const char *begin = text.data(), *end = begin + text.size();
  std::int64_t negative = 0;
  std::uint64_t seed = 0;
  const bool is_negative = text.starts_with('-');
  const auto read =
      is_negative ? std::from_chars(begin, end, negative) : std::from_chars(begin, end, seed);
  if (read.ec != std::errc() || read.ptr != end)
    return input_error("--seed",
                       "\"{}\" is not allowed; a whole number from -9223372036854775808 to "
                       "18446744073709551615 is.",
                       text);
  return is_negative ? static_cast<std::uint64_t>(negative) : seed;
}

/// A program that begins with a minus sign is no option; a blank before it says so to CLI11.
Words protect_programs(Words words) {
  const auto is_program = [](const std::string& word) {
    if (!word.starts_with('-') || word.size() < 2 || word == "-h") return false;
    // "-x" of a variable that there is not gets the words of the language, not of options.
    return word.size() == 2 || word.find_first_of("([") < word.size() || check_program(word);
  };
  for (std::size_t i = 0; i < words.size(); ++i)
    if (is_program(words[i]) && (i == 0 || words[i - 1] != "--seed")) words[i].insert(0, 1, ' ');
  return words;
}

}  // namespace

int run_tensor_command(const Words& words) {
  TensorRequest request;
  Output output;
  Words expressions;
  bool lines = false;
  Parser parser("tensor",
                "Runs a chain of tensor operations as PyTorch would, and shows every step.");
  parser
      .add_option("expression", expressions,
                  "as in PyTorch: 'arange(24).view(2,3,4).transpose(1,2)[:, 1:3]';\n"
                  "several statements with ; between them")
      ->type_name("EXPR");
  parser.add_flag("--json", output.json, "one JSON object, schema nanscope.tensor/1");
  parser.add_flag("--csv", output.csv, "a table, one row a step");
  std::string seed;
  parser.add_option("--seed", seed, "of rand() and its kind, as torch.manual_seed")
      ->type_name("SEED");
  parser.add_flag("--parameters", request.parameters,
                  "also which values each number of the expression may take (JSON)");
  parser.add_flag("--lines", lines,
                  "read expressions from standard input, one a line, and write one\n"
                  "JSON object a line");
  if (const auto status = parser.parse_words(protect_programs(words))) return *status;
  if (!seed.empty()) {
    const auto read = seed_of(seed);
    if (!read) return report(read.error());
    request.seed = *read;
  }
  if (output.json && output.csv)
    return report(input_error("--json", "does not go together with --csv; choose one.").value());
  if (lines && output.csv)
    return report(
        input_error("--csv", "does not go together with --lines, which writes JSON.").value());
  if (lines && !expressions.empty())
    return report(input_error("--lines", "takes its expressions from standard input.").value());
  if (lines) return run_lines(request, output);
  if (expressions.size() > 1)
    return report(input_error("EXPR",
                              "there are {}; write one in quotes, with ; between its statements: "
                              "nanscope tensor '{}; {}'",
                              expressions.size(), expressions[0], expressions[1])
                      .value());
  if (expressions.empty())
    return report(
        input_error("EXPR", "one expression in quotes: nanscope tensor 'arange(12).view(3,4).t()'")
            .value());
  request.expression = expressions.front();
  if (request.expression.starts_with(" -")) request.expression.erase(0, 1);
  return run_one(request, output);
}

}  // namespace nanscope
