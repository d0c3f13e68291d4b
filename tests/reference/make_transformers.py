#!/usr/bin/env python3
"""Writes transformers.json: the parameters of assets/models.json as Hugging Face's transformers has
them.

    VENV/bin/python tests/reference/make_transformers.py > tests/reference/transformers.json

Builds each model's class from its config on the meta device, without memory for its weights, and
counts its tensors, a tied head once. The bias that balances DeepSeek-V3's experts is a buffer there;
it is counted, as it is among the published weights.
"""
import json
import pathlib
import sys

import torch
import transformers

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parent.parent / "assets" / "models.json"


def count(config):
    fields = {name: value for name, value in config.items() if name != "model_type"}
    made = transformers.AutoConfig.for_model(config["model_type"], **fields)
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(made)
    model.tie_weights()
    balance = [one for name, one in model.named_buffers() if "e_score_correction_bias" in name]
    return sum(one.numel() for one in {id(one): one for one in model.parameters()}.values()) + sum(
        one.numel() for one in balance)


def main():
    counts = {}
    for model in json.loads(MODELS.read_text()):
        counts[model["name"]] = count(model["config"])
        print(model["name"], counts[model["name"]], file=sys.stderr, flush=True)
    print(json.dumps({"transformers": transformers.__version__, "parameters": counts}, indent=1))


if __name__ == "__main__":
    main()
