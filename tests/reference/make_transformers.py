#!/usr/bin/env python3
"""Writes transformers.json: the parameters of assets/models.json as Hugging Face's transformers has
them, and parameters and FLOPs of small models of every type.

    VENV/bin/python tests/reference/make_transformers.py > tests/reference/transformers.json

Builds each model's class from its config on the meta device, without memory for its weights, and
counts its tensors, a tied head once. The bias that balances DeepSeek-V3's experts is a buffer there;
it is counted, as it is among the published weights. Small models run, and PyTorch counts their FLOPs.
"""
import json
import pathlib
import sys

import torch
import transformers
from torch.utils.flop_counter import FlopCounterMode

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


BATCH, LENGTH = 2, 16


def forward_flops(config):
    """Those of matrix products, as PyTorch counts them while a small model runs; attention's are of
    all pairs."""
    fields = {name: value for name, value in config.items() if name != "model_type"}
    made = transformers.AutoConfig.for_model(config["model_type"], **fields)
    made._experts_implementation = "eager"  # each token with the experts that it takes
    model = transformers.AutoModelForCausalLM.from_config(made, attn_implementation="eager").eval()
    tokens = torch.randint(3, 100, (BATCH, LENGTH))
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(tokens, use_cache=False)
    return counter.get_total_flops()


COMMON = {"num_hidden_layers": 3, "hidden_size": 48, "num_attention_heads": 4,
          "intermediate_size": 80, "vocab_size": 101, "max_position_embeddings": 64}
GROUPED = {**COMMON, "num_key_value_heads": 2}
HEADS = {**GROUPED, "head_dim": 20}
LATENT = {**COMMON, "num_key_value_heads": 4, "q_lora_rank": 24, "kv_lora_rank": 16,
          "qk_rope_head_dim": 4, "qk_nope_head_dim": 8, "v_head_dim": 10, "n_routed_experts": 8,
          "num_experts_per_tok": 2, "n_shared_experts": 2, "moe_intermediate_size": 24,
          "first_k_dense_replace": 1, "n_group": 1, "topk_group": 1}
QWEN_EXPERTS = {"num_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 24}
TIED = {"tie_word_embeddings": True}
GPT2 = {"n_layer": 3, "n_embd": 48, "n_head": 4, "n_positions": 64, "vocab_size": 101}
OPT = {"num_hidden_layers": 3, "hidden_size": 48, "num_attention_heads": 4, "ffn_dim": 80,
       "vocab_size": 101, "max_position_embeddings": 64, "word_embed_proj_dim": 48}
SMALL = [
    ("gpt2", GPT2), ("gpt2", {**GPT2, "n_inner": 100, "tie_word_embeddings": False}),
    ("gpt_neox", COMMON), ("gpt_neox", {**COMMON, **TIED, "attention_bias": False}),
    ("opt", OPT), ("opt", {**OPT, "enable_bias": False}),
    ("starcoder2", GROUPED), ("starcoder2", {**GROUPED, "use_bias": False, "sliding_window": 16}),
    ("llama", COMMON), ("llama", {**HEADS, **TIED}),
    ("llama", {**GROUPED, "attention_bias": True, "mlp_bias": True}),
    ("granite", GROUPED), ("granite", {**GROUPED, "attention_bias": True, "mlp_bias": True}),
    ("smollm3", {**GROUPED, "pad_token_id": 0}),
    ("smollm3", {**GROUPED, "pad_token_id": 0, "attention_bias": True, "mlp_bias": True}),
    ("olmo2", GROUPED), ("olmo2", {**GROUPED, **TIED, "attention_bias": True}),
    ("phi3", {**GROUPED, "pad_token_id": 0}),
    ("phi3", {**GROUPED, "pad_token_id": 0, "sliding_window": 16}),
    ("mistral", GROUPED), ("mistral", {**HEADS, "sliding_window": 16}),
    ("mixtral", {**GROUPED, "num_local_experts": 4, "num_experts_per_tok": 2}),
    ("qwen2", GROUPED), ("qwen2", {**GROUPED, **TIED}),
    ("qwen2_moe", {**GROUPED, **QWEN_EXPERTS, "shared_expert_intermediate_size": 40}),
    ("qwen2_moe", {**GROUPED, **QWEN_EXPERTS, "shared_expert_intermediate_size": 40,
                   "decoder_sparse_step": 2, "qkv_bias": False}),
    ("qwen3", HEADS), ("qwen3", {**HEADS, **TIED, "attention_bias": True}),
    ("qwen3_moe", {**HEADS, **QWEN_EXPERTS}),
    ("qwen3_moe", {**HEADS, **QWEN_EXPERTS, "decoder_sparse_step": 2, "attention_bias": True}),
    ("gemma", HEADS), ("gemma", {**HEADS, "attention_bias": True}),
    ("gemma2", {**HEADS, "sliding_window": 16}),
    ("gemma2", {**HEADS, "sliding_window": 16, "attention_bias": True}),
    ("gemma3_text", {**HEADS, "sliding_window": 16}),
    ("gemma3_text", {**HEADS, "sliding_window": 16, "attention_bias": True}),
    ("deepseek_v2", LATENT), ("deepseek_v2", {**LATENT, "q_lora_rank": None}),
    ("deepseek_v2", {**LATENT, "attention_bias": True}),
    ("deepseek_v3", LATENT), ("deepseek_v3", {**LATENT, "q_lora_rank": None}),
    ("deepseek_v3", {**LATENT, "attention_bias": True, "first_k_dense_replace": 0}),
    ("gpt_oss", {**HEADS, "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": 16}),
    ("gpt_oss", {**HEADS, "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": 16,
                 "attention_bias": False}),
]


def main():
    counts = {}
    for model in json.loads(MODELS.read_text()):
        counts[model["name"]] = count(model["config"])
        print(model["name"], counts[model["name"]], file=sys.stderr, flush=True)
    small = []
    for kind, fields in SMALL:
        config = {"model_type": kind, **fields}
        small.append({"config": config, "parameters": count(config),
                      "forward_flops": forward_flops(config)})
        print(kind, small[-1]["parameters"], file=sys.stderr, flush=True)
    print(json.dumps({"transformers": transformers.__version__, "parameters": counts,
                      "small": small}, indent=1))


if __name__ == "__main__":
    main()
