#include "app/command_line/experiment_words.h"

#include "app/command_line/console.h"
#include "engine/experiment/resolve.h"
#include "ui/labs/check_view.h"
#include "ui/text/text.h"

namespace nanscope {

Result<Experiment> read_words(const Words& words) {
  std::vector<Message> notes;
  Result<Experiment> experiment = resolve_experiment(words, &notes);
  for (const Message& one : notes) note(message_text(one));
  return experiment;
}

Result<Experiment> read_experiment(const Words& words) {
  Result<Experiment> experiment = read_words(words);
  if (experiment)
    if (const auto good = check_view(*experiment); !good) return tl::unexpected(good.error());
  return experiment;
}

}  // namespace nanscope
