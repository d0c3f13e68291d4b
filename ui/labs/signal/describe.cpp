#include "ui/labs/describe.h"

#include "ui/labs/signal/words.h"
#include "ui/text/text.h"

namespace nanscope {

std::string describe_pass(const SignalSnapshot& snapshot) {
  const bool more = !snapshot.layers.empty() && snapshot.layers.front().name == "input";
  return describe(snapshot.experiment, more ? snapshot.input.features : 0);
}

std::string describe(const SignalSnapshot& snapshot) {
  std::string words = describe_pass(snapshot);
  if (snapshot.table) words += text("describe.separator") + message_text(words_of(*snapshot.table));
  return words;
}

}  // namespace nanscope
