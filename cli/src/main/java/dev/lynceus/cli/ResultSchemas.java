package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.attention.ReadingLooks;
import dev.lynceus.method.dependence.Dependence;
import dev.lynceus.method.evidence.EvidenceBatch;
import dev.lynceus.method.score.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The JSON Schemas of all results: one for each command that takes `--json`, made from the records
/// that become JSON. They are the files of `docs/schemas`, and in the program.
///
/// Within a version fields may be added. A field that goes away, or means something else, makes a
/// new version.
final class ResultSchemas {
  /// A result.
  ///
  /// @param name the command, its words joined by hyphens; with `-dataset` where many questions
  ///   give another result than one, and with another word where models of another build do
  /// @param version of its schema
  record Schema(String name, int version) {
    /// The file in `docs/schemas`.
    String file() {
      return name + ".schema.json";
    }
  }

  /// All of them, as `lynceus schema` lists them.
  static final List<Schema> ALL =
      List.of(
          new Schema("explain", 1),
          new Schema("explain-dependence", 1),
          new Schema("ask", 1),
          new Schema("models-list", 1),
          new Schema("models-show", 1),
          new Schema("models-taps", 1),
          new Schema("models-verify", 1),
          new Schema("models-import", 1),
          new Schema("data-show", 1),
          new Schema("attention", 1),
          new Schema("attention-reading", 1),
          new Schema("lens", 1),
          new Schema("tune-lens", 1),
          new Schema("words", 1),
          new Schema("tune-words", 1),
          new Schema("tune-reader", 1),
          new Schema("features", 1),
          new Schema("tune-sae", 1),
          new Schema("probe", 1),
          new Schema("heads", 1),
          new Schema("looks", 1),
          new Schema("seeing", 1),
          new Schema("relevancy", 1),
          new Schema("match", 1),
          new Schema("reconstruct", 1),
          new Schema("read", 1),
          new Schema("zones", 1),
          new Schema("mark", 1),
          new Schema("describe", 1),
          new Schema("describe-match", 1),
          new Schema("think", 1),
          new Schema("vote", 1),
          new Schema("causes", 1),
          new Schema("queries", 2),
          new Schema("queries-match", 1),
          new Schema("trace", 1),
          new Schema("patch", 1),
          new Schema("attribute", 1),
          new Schema("paths", 1),
          new Schema("neurons", 1),
          new Schema("knockout", 1),
          new Schema("occlude", 1),
          new Schema("region", 1),
          new Schema("ablate", 1),
          new Schema("silence", 1),
          new Schema("steer", 1),
          new Schema("edit", 1),
          new Schema("evidence", 1),
          new Schema("evidence-dataset", 1),
          new Schema("calibrate", 1),
          new Schema("compare", 1),
          new Schema("compare-dataset", 1),
          new Schema("lab-run", 1),
          new Schema("lab-runs", 1),
          new Schema("lab-show", 1),
          new Schema("lab-compare", 1),
          new Schema("lab-sql", 1),
          new Schema("pupil-accuracy", 1),
          new Schema("pupil-words", 1),
          new Schema("pupil-score", 1),
          new Schema("pupil-findings", 1),
          new Schema("pupil-verdict", 1),
          new Schema("pupil-probe", 1),
          new Schema("pupil-trace", 1),
          new Schema("pupil-xformer", 1),
          new Schema("pupil-views", 1),
          new Schema("pupil-marks", 1),
          new Schema("pupil-skills", 1),
          new Schema("pupil-strategies", 1),
          new Schema("hallucinate", 1),
          new Schema("literacy", 1));

  private ResultSchemas() {}

  /// The schema of a result.
  ///
  /// @param words of the command
  /// @throws IllegalStateException if there is none: a defect
  static Schema of(List<String> words, Object value) {
    String command = String.join("-", words);
    String name =
        switch (value) {
          case Tally tally -> command + "-dataset";
          case EvidenceBatch batch -> command + "-dataset";
          case QueriesCommand.Matched matched -> command + "-match";
          case DescribeCommand.Paired paired -> command + "-match";
          case Dependence dependence -> command + "-dependence";
          case ReadingLooks looks -> command + "-reading";
          default -> command;
        };
    return ALL.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no schema for results of " + name));
  }

  /// The schema of a name, as text.
  ///
  /// @throws LynceusException BAD_REQUEST for a name that is none
  static String text(String name) {
    Schema schema =
        ALL.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "there is no schema '" + name + "'",
                    "`lynceus schema` lists them: the commands that take --json."));
    try (InputStream file = ResultSchemas.class.getResourceAsStream("schemas/" + schema.file())) {
      if (file == null) {
        throw new IllegalStateException("the program lacks " + schema.file());
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
