package dev.lynceus.model.reader;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.encoder.WordHead;
import dev.lynceus.model.encoder.WordRows;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.text.TextWeights;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.file.Weights;
import java.util.List;

/// The families of readers that are computed. What they have in common: rows for words, positions
/// and texts, summed and normed; layers with norms after, whose positions all see each other; and a
/// head that marks a piece of the text, or one that says words.
public final class Readers {
  private static final List<ReaderFamily> ALL =
      List.of(new BertFamily(), new ElectraFamily(), new AlbertFamily());

  /// What marks a piece: two scores for each position.
  private static final String SPANS = "qa_outputs";

  private Readers() {}

  /// Their types, in the order of the docs.
  public static List<String> types() {
    return ALL.stream().map(ReaderFamily::type).toList();
  }

  /// Whether a reader of this type is computed.
  public static boolean know(String modelType) {
    return types().contains(modelType);
  }

  /// Which keys of a reader's config have an effect.
  public static ConfigKeys keys(String modelType) {
    return family(modelType).keys();
  }

  /// Reads a config.
  ///
  /// @param answers how the model answers
  /// @throws LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static TextConfig read(Config json, TextConfig.Answers answers) {
    return family(json.text("model_type", "")).read(json, answers);
  }

  private static ReaderFamily family(String modelType) {
    return ALL.stream().filter(one -> one.type().equals(modelType)).findFirst().orElseThrow();
  }

  /// Builds the reader of a checkpoint. The head that is stored says how it answers.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for a head or a value that is not known,
  ///   BAD_CHECKPOINT if a tensor is absent or has another shape
  public static TextReader build(Config json, Weights w) {
    ReaderFamily family = family(json.text("model_type", ""));
    boolean spans = w.has(SPANS + ".weight");
    TextConfig c = family.read(json, spans ? TextConfig.Answers.SPANS : TextConfig.Answers.WORDS);
    WordHead.Names words = family.words(c);
    if (!spans && !w.has(words.map() + ".weight")) {
      throw headless(json, w, words);
    }
    family.unread().forEach(w::skip);
    Weights body = w.at(family.type());
    Weights embeddings = body.at("embeddings");
    embeddings.skip("token_type_ids");
    TextConfig.Embedding e = c.embedding();
    int width = e.entry() > 0 ? e.entry() : c.width();
    WordRows rows = WordRows.read(embeddings, c.vocabulary(), c.maxPositions(), width);
    Linear widening =
        e.entry() == 0
            ? null
            : new BertNames(body, c.width(), c.normEps())
                .linear(family.widening(), c.width(), e.entry());
    TextWeights.Entry entry =
        new TextWeights.Entry(
            embeddings.get("token_type_embeddings.weight", e.kinds(), width).own(),
            new BertNames(embeddings, width, c.normEps()).norm("LayerNorm"),
            widening);
    TextWeights.Transform transform = null;
    Norm norm = Norm.Same.of(c.width());
    Linear head;
    if (spans) {
      head = new BertNames(w, c.width(), c.normEps()).linear(SPANS, 2, c.width());
    } else {
      WordHead found = WordHead.read(w, words, c.width(), c.normEps(), e.tied(), rows.embedding());
      transform = found.transform();
      norm = found.norm();
      head = found.words();
    }
    return new TextReader(
        new TextStack(
            c,
            new TextWeights(
                rows.embedding(),
                rows.positions(),
                entry,
                family.layers(json, c, body),
                transform,
                norm,
                head)));
  }

  private static LynceusException headless(Config json, Weights w, WordHead.Names words) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "this %s model has no head that answers (looked for %s, %s); it has %d tensors, for example %s"
            .formatted(
                json.text("model_type", ""),
                SPANS + ".weight",
                words.map() + ".weight",
                w.names().size(),
                w.names().stream().sorted().limit(3).toList()),
        "Use one that was trained to answer with a piece of a text (ForQuestionAnswering) or to say"
            + " words that were taken out (ForMaskedLM); `lynceus tune-reader` teaches an encoder to answer.");
  }
}
