package dev.lynceus.model.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which keys of a configuration file are read, and which are known to change no number. What is in
/// neither list is told, since a file that has it may expect an effect. Each family has its own.
///
/// @param holder what the keys belong to, for people
/// @param used the keys that are read
/// @param harmless the keys that are known to change no number
public record ConfigKeys(String holder, Set<String> used, Set<String> harmless) {
  public ConfigKeys {
    used = Set.copyOf(used);
    harmless = Set.copyOf(harmless);
  }

  /// Keys from lists of words.
  ///
  /// @param used keys between spaces
  /// @param harmless keys between spaces
  public static ConfigKeys of(String holder, String used, String harmless) {
    return new ConfigKeys(holder, words(used), words(harmless));
  }

  /// These and others, for the same holder.
  public ConfigKeys and(ConfigKeys other) {
    Set<String> more = new HashSet<>(used);
    more.addAll(other.used);
    Set<String> none = new HashSet<>(harmless);
    none.addAll(other.harmless);
    return new ConfigKeys(holder, more, none);
  }

  /// Those of a decoder, with what all decoders read.
  ///
  /// @param type its `model_type`
  /// @param more what this one reads beside
  public static ConfigKeys ofDecoder(String type, String more, String harmless) {
    return of("a %s decoder".formatted(type), DECODER + " " + more, harmless);
  }

  private static final String DECODER =
      """
      vocab_size hidden_size intermediate_size num_hidden_layers num_attention_heads
      num_key_value_heads head_dim rms_norm_eps hidden_act tie_word_embeddings
      max_position_embeddings original_max_position_embeddings max_sequence_length
      model_max_length tokenizer_model_max_length rope_theta rope_scaling rope_parameters
      """;

  /// What every vision transformer reads.
  public static final String TOWER =
      """
      hidden_size intermediate_size num_hidden_layers num_attention_heads num_channels image_size
      patch_size hidden_act layer_norm_eps
      """;

  /// Rotary encodings.
  public static final ConfigKeys ROPE =
      of(
          "this rotary encoding",
          """
          rope_type type rope_theta factor original_max_position_embeddings attention_factor beta_fast
          beta_slow mscale mscale_all_dim truncate short_factor long_factor low_freq_factor
          high_freq_factor
          """,
          "finetuned");

  /// Image processors.
  public static final ConfigKeys PICTURES =
      of(
          "this image processor",
          """
          image_processor_type feature_extractor_type do_pad do_resize size resample do_center_crop
          crop_size do_rescale rescale_factor do_normalize image_mean image_std image_grid_pinpoints
          do_image_splitting max_image_size do_pan_and_scan pan_and_scan_min_crop_size
          pan_and_scan_max_num_crops pan_and_scan_min_ratio_to_activate
          """,
          """
          processor_class do_convert_rgb data_format input_data_format return_tensors device
          disable_grouping default_to_square image_seq_length num_additional_image_tokens
          vision_feature_select_strategy patch_size pad_size aspect_ratio_setting image_token
          video_sampling return_row_col_info
          """);

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

  /// Whether a key is read, or known to change no number. Keys that begin with an underscore are
  /// the notes of libraries to themselves, and some training programs leave theirs.
  public boolean knows(String key) {
    return used.contains(key)
        || harmless.contains(key)
        || EVERYWHERE.contains(key)
        || key.equals(RopeConfig.PARTIAL)
        || key.startsWith("_")
        || key.startsWith("unsloth");
  }

  private static Set<String> words(String text) {
    return text.isBlank() ? Set.of() : new HashSet<>(List.of(text.strip().split("\\s+")));
  }
}
