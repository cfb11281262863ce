package dev.lynceus.run.choice;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What becomes of a key of `generation_config.json`. The one list of them.
enum KeyUse {
  /// It decides about every answer.
  APPLIED(
      "eos_token_id",
      "sequence_bias",
      "encoder_repetition_penalty",
      "repetition_penalty",
      "no_repeat_ngram_size",
      "encoder_no_repeat_ngram_size",
      "bad_words_ids",
      "min_length",
      "min_new_tokens",
      "forced_bos_token_id",
      "forced_eos_token_id",
      "remove_invalid_values",
      "exponential_decay_length_penalty",
      "suppress_tokens",
      "begin_suppress_tokens",
      "stop_strings",
      "max_new_tokens",
      "max_length"),
  /// It decides where tokens are drawn.
  WHEN_DRAWN(
      "do_sample",
      "temperature",
      "top_h",
      "top_k",
      "top_p",
      "min_p",
      "typical_p",
      "epsilon_cutoff",
      "eta_cutoff"),
  /// It would change answers, and is not done here.
  LEFT_OUT(
      "num_beams",
      "num_beam_groups",
      "diversity_penalty",
      "num_return_sequences",
      "penalty_alpha",
      "dola_layers",
      "constraints",
      "force_words_ids",
      "guidance_scale",
      "watermarking_config",
      "token_healing",
      "max_time",
      "prompt_lookup_num_tokens",
      "assistant_early_exit",
      "assistant_ensemble_weight",
      "use_mtp",
      "speculation_type",
      "cache_implementation"),
  /// It changes no answer of one model that takes one token after the other: speed, memory, what is
  /// returned, ids that the tokenizer knows, and what belongs to beams or to assistants.
  HARMLESS(
      "bos_token_id",
      "pad_token_id",
      "decoder_start_token_id",
      "early_stopping",
      "length_penalty",
      "renormalize_logits",
      "use_cache",
      "cache_config",
      "max_cache_len",
      "compile_config",
      "disable_compile",
      "low_memory",
      "prefill_chunk_size",
      "continuous_batching_config",
      "output_attentions",
      "output_hidden_states",
      "output_scores",
      "output_logits",
      "return_dict_in_generate",
      "is_assistant",
      "num_assistant_tokens",
      "num_assistant_tokens_schedule",
      "assistant_confidence_threshold",
      "assistant_lookbehind",
      "target_lookbehind",
      "max_matching_ngram_size",
      "transformers_version",
      "_from_model_config",
      "_commit_hash"),
  /// Nothing is known of it.
  UNKNOWN;

  private final Set<String> keys;

  KeyUse(String... keys) {
    this.keys = Set.of(keys);
  }

  /// Caches that hold keys and values as they are.
  private static final List<String> PLAIN_CACHES =
      List.of(
          "dynamic",
          "dynamic_full",
          "static",
          "sliding_window",
          "hybrid",
          "hybrid_chunked",
          "offloaded",
          "offloaded_static",
          "offloaded_hybrid",
          "paged");

  static KeyUse of(String key) {
    for (KeyUse use : values()) {
      if (use.keys.contains(key)) {
        return use;
      }
    }
    return UNKNOWN;
  }

  /// Whether the value of a key that is left out would have an effect.
  static boolean matters(String key, JsonNode value) {
    return switch (key) {
      case "num_beams", "num_beam_groups", "num_return_sequences", "guidance_scale" ->
          value.asDouble(1) != 1;
      case "diversity_penalty", "penalty_alpha" -> value.asDouble(1) != 0;
      case "token_healing", "use_mtp" -> value.asBoolean(true);
      case "cache_implementation" -> !PLAIN_CACHES.contains(value.asString(""));
      default -> true;
    };
  }
}
