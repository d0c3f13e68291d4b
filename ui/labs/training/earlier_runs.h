#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/recipe/run_history.h"
#include "ui/labs/lab.h"
#include "ui/labs/training/plots/run_plot.h"

namespace nanscope {

/// The experiment with what a run depends on of another one.
Experiment with_run_of(Experiment experiment, const Experiment& from);

/// The runs that stay in the charts beside the one that is there: those before it, and files.
class EarlierRuns {
 public:
  /// `name`: "" where the settings that differ say it. Of the same recipe the newest stays, but
  /// what has a name gives way to another one with a name alone; of those without a name eight
  /// stay.
  void keep(std::shared_ptr<const RunSummary> run, std::string name = {});
  /// Those that nobody gave a name: something else is looked at.
  void forget_unnamed();
  /// Of those that somebody named, or dropped as a file, and that are of another experiment.
  std::vector<std::string> names_beside(const Experiment& experiment) const;
  void forget(const std::vector<std::string>& names);
  /// Of those that are not hidden what is drawn beside a run: not one that shows the same.
  std::vector<BesideRun> beside(const RunSummary& run) const;

  /// A row each: shown or hidden, its look, its name, and a menu: its settings for the one that is
  /// there, where it stopped being finite, away with it.
  void draw_rows(const RunSummary& run, const LabView& view, LabRequests& requests);

 private:
  struct One {
    std::shared_ptr<const RunSummary> run;
    std::string name;
    bool shown = true;
    bool explained = false;  ///< where it stopped being finite
    bool sought = false;     ///< that is to come in sight
    int look = 0;            ///< by which its curve is told from others, as long as it stays
  };
  /// The next one behind it that no run has.
  int next_look(int look) const;
  /// The same run once more: of the same recipe, with no step that `run` has not or has otherwise.
  /// One without a name may have been longer: `run` goes there again.
  static bool repeats(const One& one, const RunSummary& run);
  /// The name of each, by which it is told from the others.
  std::vector<std::string> names(const RunSummary& run) const;
  /// True if it is to be taken away.
  bool draw_row(One& one, const std::string& name, const RunSummary& run, const LabView& view,
                LabRequests& requests);
  static bool draw_row_menu(One& one, const LabView& view, LabRequests& requests);

  std::vector<One> runs_;  ///< the newest last
};

}  // namespace nanscope
