#include <algorithm>
#include <cmath>

#include "engine/costs/requests/cost_requests.h"
#include "engine/costs/requests/lab_keys.h"
#include "engine/costs/transformer/architecture_words.h"

namespace nanscope {
namespace {

/// With the words "layers=48 tied=false" in place of what the model has.
Result<NamedTransformer> model_of_lab(const Costs& costs, const NamedTransformer& base) {
  const auto changed =
      with_architecture_words(base.architecture, architecture_words(costs.architecture));
  if (!changed) return input_error("costs.architecture", whole_message(changed.error()));
  NamedTransformer model = base;
  model.architecture = *changed;
  if (!costs.architecture.empty()) model.title += ", changed";
  return model;
}

Result<CostRequest> request_of_lab(const Costs& costs) {
  CostRequest request{.batch = costs.batch,
                      .length = {},
                      .attention = costs.attention,
                      .precision = costs.precision,
                      .optimizer = costs.optimizer,
                      .optimizer_bits = costs.eight_bits ? 8 : 32,
                      .convention = value_of<BytesConvention>(name_of(costs.convention)),
                      .activations = value_of<ActivationsConvention>(name_of(costs.activations)),
                      .recompute = costs.recompute,
                      .accumulation = costs.micro_batches,
                      .parallel = {.devices = costs.devices,
                                   .tensor = costs.tensor,
                                   .pipeline = costs.pipeline,
                                   .context = costs.context,
                                   .expert = costs.expert,
                                   .sequence = costs.sequence_parallel,
                                   .zero = costs.zero}};
  if (costs.length > 0) request.length = costs.length;
  if (costs.seconds > 0) request.seconds = costs.seconds;
  auto device = device_of_lab(costs);
  if (!device) return tl::unexpected(device.error());
  request.device = *std::move(device);
  return request;
}

/// From 128 tokens to 2^20, or past the length that is looked at.
std::vector<LengthShare> shares_by_length(const Transformer& one, const CostEstimate& estimate,
                                          AttentionFlops attention) {
  constexpr double kFirst = 7, kLast = 20, kApart = 0.25;  // powers of two
  const double last = std::max(kLast, std::ceil(std::log2(static_cast<double>(estimate.length))));
  std::vector<LengthShare> shares;
  for (double power = kFirst; power <= last; power += kApart) {
    const double length = std::round(std::exp2(power));
    const StepFlops flops =
        step_flops(one, 1, static_cast<std::int64_t>(length), attention, Recompute::none, false);
    shares.push_back({length, flops.attention / flops.forward});
  }
  return shares;
}

Result<TransformerCosts> costs_of_transformer(const Costs& costs) {
  const auto base = find_transformer(costs.model);
  if (!base) return tl::unexpected(of_lab(base.error(), "costs.model"));
  auto model = model_of_lab(costs, *base);
  if (!model) return tl::unexpected(model.error());
  auto request = request_of_lab(costs);
  if (!request) return tl::unexpected(request.error());
  auto result = estimate(model->architecture, *request);
  if (!result) return tl::unexpected(of_lab(result.error(), "costs.architecture"));
  TransformerCosts answer{.of = costs,
                          .base = base->architecture,
                          .model = *std::move(model),
                          .request = *std::move(request),
                          .estimate = *std::move(result),
                          .shares = {}};
  answer.shares = shares_by_length(answer.model.architecture, answer.estimate, costs.attention);
  return answer;
}

}  // namespace

std::unique_ptr<Job> TransformerCostsRequest::make_job() const {
  return one_slice([asked = costs](JobContext&) { return costs_of_transformer(asked); });
}

TransformerCostsRequest transformer_costs_request(const Costs& costs) {
  // What other views read stands at its default, so that it asks for nothing anew.
  const Costs plain;
  Costs asked = costs;
  asked.view = CostsView::transformer;
  asked.file = plain.file, asked.file_bytes = plain.file_bytes, asked.compute = plain.compute;
  asked.data_batch = plain.data_batch, asked.data_length = plain.data_length;
  asked.walk = plain.walk, asked.step = plain.step, asked.x = plain.x, asked.w = plain.w;
  asked.target = plain.target;
  asked.question = plain.question, asked.parameters = plain.parameters;
  asked.tokens = plain.tokens, asked.mfu = plain.mfu, asked.days = plain.days;
  asked.budget = plain.budget, asked.price = plain.price, asked.electricity = plain.electricity;
  asked.tokens_per_second = plain.tokens_per_second;
  asked.m = plain.m, asked.k = plain.k, asked.n = plain.n;
  return {asked};
}

std::unique_ptr<Job> CostNamesRequest::make_job() const {
  return one_slice([](JobContext&) -> Result<CostNames> {
    auto models = load_presets();
    if (!models) return tl::unexpected(models.error());
    auto devices = load_devices();
    if (!devices) return tl::unexpected(devices.error());
    CostNames names{.models = {}, .devices = *std::move(devices)};
    for (const NamedTransformer& one : *models)
      names.models.push_back(
          {one.name, one.title, rough_parameters(one.architecture), one.architecture});
    return names;
  });
}

}  // namespace nanscope
