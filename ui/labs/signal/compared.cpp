#include "ui/labs/signal/compared.h"

#include "engine/experiment/json.h"
#include "engine/probes/signal_request.h"
#include "ui/labs/differing_words.h"
#include "ui/text/text.h"

namespace nanscope {

Experiment asked_of_pass(const Experiment& experiment) {
  Experiment asked;
  asked.network = experiment.network;
  asked.data = experiment.data;
  asked.training = experiment.training;
  return asked;
}

std::string compared_words(const SignalView& view) {
  return view.other ? format_text("compare.both", fmt::arg("a", view.words),
                                  fmt::arg("b", view.other.words))
                    : std::string();
}

SignalView view_of_results(const Experiment& experiment, const JobResults& results) {
  SignalView view(results.latest<SignalRequest>());
  const auto other = compared_with(experiment);
  const auto pass = results.latest<SignalRequest>(kOtherSlot);
  if (!view.pass || !other || !pass) return view;
  if (asked_of_pass(pass->experiment) != asked_of_pass(*other)) return view;  // of an earlier B
  const Experiment a = asked_of_pass(view.pass->experiment);
  Experiment b = asked_of_pass(*other);
  b.training = a.training;  // which a pass does not hang on
  view.words = differing_words(a, b);
  view.other = {pass, differing_words(b, a)};
  if (!view.words.empty()) return view;
  view.words = text("compare.same_a");
  view.other.words = text("compare.same_b");
  return view;
}

}  // namespace nanscope
