#include "ui/shell/sheets.h"

#include <algorithm>
#include <utility>

namespace nanscope {
namespace {

auto holds(LabName lab) {
  return
      [lab](const Sheets::Kept& one) { return std::ranges::find(one.labs, lab) != one.labs.end(); };
}

}  // namespace

bool Sheets::is_elsewhere(LabName lab) const { return std::ranges::any_of(kept_, holds(lab)); }

Sheet Sheets::of(LabName lab) const {
  const auto found = std::ranges::find_if(kept_, holds(lab));
  Sheet sheet = found == kept_.end() ? open_ : found->sheet;
  sheet.experiment.lab = lab;
  return sheet;
}

std::vector<LabName> Sheets::labs_of_open() const {
  std::vector<LabName> labs;
  for (const LabName lab : lab_names())
    if (!is_elsewhere(lab)) labs.push_back(lab);
  return labs;
}

void Sheets::forget(LabName lab) {
  for (Kept& one : kept_) std::erase(one.labs, lab);
  std::erase_if(kept_, [](const Kept& one) { return one.labs.empty(); });
}

void Sheets::show(LabName lab) {
  if (const auto found = std::ranges::find_if(kept_, holds(lab)); found != kept_.end()) {
    Kept left{labs_of_open(), std::exchange(open_, std::move(found->sheet))};
    *found = std::move(left);
  }
  open_.experiment.lab = lab;
}

void Sheets::open(Sheet next) {
  const LabName lab = next.experiment.lab;
  std::vector<LabName> others = labs_of_open();
  std::erase(others, lab);
  forget(lab);
  Sheet left = std::exchange(open_, std::move(next));
  if (!others.empty()) kept_.push_back({std::move(others), std::move(left)});
}

void Sheets::keep(Kept sheet) {
  for (const LabName lab : sheet.labs) forget(lab);
  std::erase(sheet.labs, open_.experiment.lab);
  if (!sheet.labs.empty()) kept_.push_back(std::move(sheet));
}

}  // namespace nanscope
