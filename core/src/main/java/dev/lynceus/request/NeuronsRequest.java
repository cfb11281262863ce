package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.Replacement;
import java.util.List;

/// Compares the feed-forward neurons of two runs, or of two answers of one run.
///
/// @param measure the word whose log probability the neurons raise
/// @param beside what the run is compared with
/// @param neurons how many are told
public record NeuronsRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    Beside beside,
    @Setting(otherwise = "20", least = 1, most = 1_000_000) int neurons)
    implements Request<ComparedNeurons> {
  public NeuronsRequest {
    if (measure instanceof Measure.Answer) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "neurons are compared by one word, and a whole answer is measured",
          "Measure a word.");
    }
  }

  /// What a run is compared with.
  public sealed interface Beside {
    /// For a reader, for example `without head 3.0`.
    String said();
  }

  /// The same run without some heads, written `2.1`.
  public record Without(List<HeadRef> heads) implements Beside {
    public Without {
      heads = List.copyOf(heads);
      if (heads.isEmpty()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "no head is named that the other run lacks",
            "Name at least one, written layer.head, for example 3.1.");
      }
    }

    @Override
    public String said() {
      return "without head " + String.join(", ", heads.stream().map(HeadRef::text).toList());
    }
  }

  /// The same question about another picture, in the place of the first one.
  public record Other(PictureRef picture) implements Beside {
    @Override
    public String said() {
      return "about " + Question.name(picture);
    }
  }

  /// Another question.
  ///
  /// @param words a word of the question and the one in its place, for example `car=dog`
  public record Replaced(String words) implements Beside {
    public Replaced {
      var unused = Replacement.parse(words);
    }

    @Override
    public String said() {
      return "with " + words;
    }
  }

  /// Another answer of the same run.
  public record Against(String word) implements Beside {
    public Against {
      if (word.isBlank()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, "the other answer is empty", "Give a word.");
      }
    }

    @Override
    public String said() {
      return "for " + word;
    }
  }
}
