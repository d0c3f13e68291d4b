#include "ui/labs/costs/picture.h"

#include <algorithm>

#include "engine/experiment/json.h"
#include "ui/labs/costs/measured.h"
#include "ui/labs/differing_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Answers to one question are compared.
bool asks_the_same(const Costs& a, const Costs& b) { return a.question == b.question; }

bool looks_at_run(const Costs& costs) {
  return costs.view == CostsView::memory || costs.view == CostsView::flops ||
         costs.view == CostsView::roofline ||
         (costs.view == CostsView::walk && costs.walk == WalkOf::run);
}

/// What differs between A and B.
void name_both(const Experiment& a, const Experiment& b, CostsPicture& picture) {
  picture.run_words = differing_words(a, b);
  picture.other_words = differing_words(b, a);
  if (!picture.run_words.empty()) return;
  picture.run_words = text("costs.same_a");
  picture.other_words = text("costs.same_b");
}

/// B, where it is that of the experiment.
void add_other_run(const Experiment& experiment, const JobResults& results, CostsPicture& picture) {
  const auto other = compared_with(experiment);
  const auto costs = results.latest<RunCostsRequest>(kOtherRunSlot);
  if (!other || !costs || !picture.run) return;
  if (costs->of != run_costs_request(*other).experiment) return;
  picture.other = costs;
  name_both(picture.run->of, costs->of, picture);
}

/// B of what is calculated by formula, where its answer is that of the experiment.
template <class Request>
std::shared_ptr<const typename Request::Answer> other_answer(const Experiment& experiment,
                                                             const JobResults& results,
                                                             std::string_view slot,
                                                             Request (*request)(const Costs&),
                                                             CostsPicture& picture) {
  const auto other = compared_with(experiment);
  if (!other) return nullptr;
  auto answer = results.latest<Request>(slot);
  if (!answer || request(answer->of) != request(other->costs)) return nullptr;
  name_both(experiment, *other, picture);
  return answer;
}

void add_example(const Costs& costs, CostsPicture& picture) {
  const auto x = parse_numbers(costs.x), w = parse_numbers(costs.w);
  if (!x || !w) return;
  auto steps = walk_of_example(*x, *w, costs.target);
  if (steps)
    picture.walk = *std::move(steps);
  else
    picture.walk_problem = error_text(steps.error());
}

}  // namespace

bool CostsPicture::complete() const {
  switch (settings.view) {
    case CostsView::memory:
    case CostsView::flops:
      return run != nullptr;
    case CostsView::transformer:
      return transformer != nullptr;
    case CostsView::napkin:
      return napkin != nullptr;
    case CostsView::roofline:
      return run && peak;
    case CostsView::calibration:
      return calibration && !calibration->types.empty();
    case CostsView::data:
      return data != nullptr;
    case CostsView::walk:
      break;
  }
  return !walk.empty();
}

std::size_t CostsPicture::step() const {
  const auto last = static_cast<int>(walk.size());
  return static_cast<std::size_t>(std::clamp(settings.step, 1, std::max(last, 1)) - 1);
}

CostsPicture costs_picture(const Experiment& experiment, const JobResults& results) {
  CostsPicture picture;
  picture.settings = experiment.costs;
  if (looks_at_run(experiment.costs)) {
    picture.run = results.latest<RunCostsRequest>();
    add_other_run(experiment, results, picture);
  }
  add_measured(experiment, results, picture);
  if (experiment.costs.view == CostsView::transformer) {
    picture.transformer = results.latest<TransformerCostsRequest>();
    picture.other_transformer = other_answer(experiment, results, kOtherTransformerSlot,
                                             transformer_costs_request, picture);
  }
  if (experiment.costs.view == CostsView::napkin) {
    picture.napkin = results.latest<NapkinCostsRequest>();
    const auto other = compared_with(experiment);
    if (other && !asks_the_same(experiment.costs, other->costs))
      picture.other_question = other->costs.question;
    else
      picture.other_napkin =
          other_answer(experiment, results, kOtherNapkinSlot, napkin_costs_request, picture);
  }
  if (experiment.costs.view == CostsView::data) picture.data = results.latest<MovingDataRequest>();
  if (experiment.costs.view == CostsView::walk) {
    if (experiment.costs.walk == WalkOf::example)
      add_example(experiment.costs, picture);
    else if (picture.run)
      picture.walk = picture.run->walk;
  }
  return picture;
}

std::vector<JobRequest> costs_jobs(const Experiment& experiment) {
  const Costs& costs = experiment.costs;
  const auto other = compared_with(experiment);
  std::vector<JobRequest> jobs;
  if (costs.view == CostsView::transformer) {
    jobs = {transformer_costs_request(costs), CostNamesRequest{}};
    if (other) jobs.emplace_back(transformer_costs_request(other->costs), kOtherTransformerSlot);
  } else if (costs.view == CostsView::napkin) {
    jobs = {napkin_costs_request(costs), CostNamesRequest{}};
    if (other && asks_the_same(costs, other->costs))
      jobs.emplace_back(napkin_costs_request(other->costs), kOtherNapkinSlot);
  } else if (costs.view == CostsView::data) {
    jobs = {moving_data_request(costs)};
  } else if (looks_at_run(costs)) {
    jobs = {run_costs_request(experiment)};
    if (has_roof(costs) && costs.roof == Roof::datasheet) jobs.emplace_back(CostNamesRequest{});
    if (other) jobs.emplace_back(run_costs_request(*other), kOtherRunSlot);
  }
  return jobs;
}

}  // namespace nanscope
