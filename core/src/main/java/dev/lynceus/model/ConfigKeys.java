package dev.lynceus.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which keys of a configuration file are read, and which are known to change no number. What is in
/// neither list is told, since a file that has it may expect an effect; see [Settings].
enum ConfigKeys {
  LLAVA(
      "a llava model",
      """
      text_config vision_config image_token_index image_token_id vision_feature_layer
      vision_feature_select_strategy projector_hidden_act multimodal_projector_bias
      tie_word_embeddings
      """,
      "ignore_index image_seq_length vocab_size hidden_size image_grid_pinpoints"),
  LLAVA_NEXT(
      "a llava_next model",
      """
      text_config vision_config image_token_index image_token_id vision_feature_layer
      vision_feature_select_strategy projector_hidden_act multimodal_projector_bias
      tie_word_embeddings image_grid_pinpoints use_image_newline_parameter mm_patch_merge_type
      """,
      "ignore_index image_seq_length vocab_size hidden_size"),
  LLAMA("a llama decoder", ConfigKeys.DECODER + " attention_bias mlp_bias", "pretraining_tp"),
  MISTRAL("a mistral decoder", ConfigKeys.DECODER + " sliding_window layer_types", ""),
  GEMMA("a gemma decoder", ConfigKeys.DECODER + " attention_bias", "hidden_activation"),
  QWEN2(
      "a qwen2 decoder",
      ConfigKeys.DECODER + " use_sliding_window sliding_window max_window_layers layer_types",
      ""),
  CLIP(
      "a clip_vision_model tower",
      ConfigKeys.TOWER,
      "projection_dim vocab_size initializer_factor dropout"),
  SIGLIP(
      "a siglip_vision_model tower",
      ConfigKeys.TOWER,
      "projection_dim vision_use_head initializer_factor dropout"),
  ROPE(
      "this rotary encoding",
      """
      rope_type type rope_theta factor original_max_position_embeddings attention_factor beta_fast
      beta_slow mscale mscale_all_dim truncate short_factor long_factor low_freq_factor
      high_freq_factor
      """,
      "finetuned"),
  PICTURES(
      "this image processor",
      """
      image_processor_type feature_extractor_type do_pad do_resize size resample do_center_crop
      crop_size do_rescale rescale_factor do_normalize image_mean image_std image_grid_pinpoints
      """,
      """
      processor_class do_convert_rgb data_format input_data_format return_tensors device
      disable_grouping default_to_square image_seq_length num_additional_image_tokens
      vision_feature_select_strategy patch_size pad_size aspect_ratio_setting image_token
      """);

  static final String DECODER =
      """
      vocab_size hidden_size intermediate_size num_hidden_layers num_attention_heads
      num_key_value_heads head_dim rms_norm_eps hidden_act tie_word_embeddings
      max_position_embeddings original_max_position_embeddings max_sequence_length
      model_max_length tokenizer_model_max_length rope_theta rope_scaling rope_parameters
      """;

  static final String TOWER =
      """
      hidden_size intermediate_size num_hidden_layers num_attention_heads num_channels image_size
      patch_size hidden_act layer_norm_eps
      """;

  /// What any config may hold: who wrote it, how it is trained, how answers are drawn (which
  /// `generation_config.json` decides), what belongs to other tasks.
  private static final Set<String> EVERYWHERE =
      words(
          """
          model_type architectures transformers_version torch_dtype dtype name_or_path auto_map
          use_cache use_return_dict return_dict output_hidden_states output_attentions
          is_encoder_decoder is_decoder add_cross_attention cross_attention_hidden_size
          chunk_size_feed_forward tie_encoder_decoder tie_last_hidden_states id2label label2id
          num_labels problem_type initializer_range pruned_heads finetuning_task torchscript
          use_bfloat16 tf_legacy_loss attn_implementation attention_dropout hidden_dropout
          attention_probs_dropout_prob hidden_dropout_prob dropout embd_pdrop resid_pdrop
          residual_dropout task_specific_params decoder_start_token_id prefix sep_token_id
          bos_token_id eos_token_id pad_token_id unk_token_id tokenizer_class
          gradient_checkpointing max_length min_length max_new_tokens min_new_tokens do_sample
          early_stopping num_beams num_beam_groups diversity_penalty temperature top_k top_p
          typical_p repetition_penalty length_penalty no_repeat_ngram_size
          encoder_no_repeat_ngram_size bad_words_ids num_return_sequences output_scores
          return_dict_in_generate forced_bos_token_id forced_eos_token_id remove_invalid_values
          exponential_decay_length_penalty suppress_tokens begin_suppress_tokens
          transformers.js_config
          """);

  private final String holder;
  private final Set<String> used;
  private final Set<String> harmless;

  ConfigKeys(String holder, String used, String harmless) {
    this.holder = holder;
    this.used = words(used);
    this.harmless = words(harmless);
  }

  /// What the keys belong to, for people.
  String holder() {
    return holder;
  }

  /// The keys that are read.
  Set<String> used() {
    return used;
  }

  /// The keys that are known to change no number.
  Set<String> harmless() {
    return harmless;
  }

  /// Whether a key is read, or known to change no number. Keys that begin with an underscore are
  /// the notes of libraries to themselves, and some training programs leave theirs.
  boolean knows(String key) {
    return used.contains(key)
        || harmless.contains(key)
        || EVERYWHERE.contains(key)
        || key.equals(RopeConfig.PARTIAL)
        || key.startsWith("_")
        || key.startsWith("unsloth");
  }

  /// The keys of a decoder.
  static ConfigKeys ofDecoder(String modelType) {
    return switch (modelType) {
      case "mistral" -> MISTRAL;
      case "gemma" -> GEMMA;
      case "qwen2" -> QWEN2;
      default -> LLAMA;
    };
  }

  private static Set<String> words(String text) {
    return text.isBlank() ? Set.of() : new HashSet<>(List.of(text.strip().split("\\s+")));
  }
}
