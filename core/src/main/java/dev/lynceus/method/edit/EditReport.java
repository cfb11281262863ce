package dev.lynceus.method.edit;

import dev.lynceus.method.Finding;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.edit.EditTrial.Group;
import dev.lynceus.method.score.Share;
import java.util.List;
import java.util.Optional;

/// An edit and what became of answers.
///
/// @param question that it was made for
/// @param subject of which something else shall be said
/// @param said what shall be said
/// @param layer whose matrix is changed
/// @param tensor its name in the files
/// @param losses before each step, nats; empty for an edit that was read from a file
/// @param length of what is added to the value of the key, as a multiple of that value's; NaN for
///   an edit that was read from a file
/// @param texts that the value was sought in
/// @param keys that the second moments were made of
/// @param groups of questions
/// @param answers one by one
public record EditReport(
    String question,
    String subject,
    String said,
    int layer,
    String tensor,
    List<Double> losses,
    double length,
    int texts,
    long keys,
    List<EditTrial.Tally> groups,
    List<EditTrial.Answers> answers)
    implements Finding {
  public EditReport {
    losses = List.copyOf(losses);
    groups = List.copyOf(groups);
    answers = List.copyOf(answers);
  }

  /// What the numbers carry, in a sentence or two: whether the edit took, how far it reaches, and
  /// what it breaks.
  public String conclusion() {
    Optional<EditTrial.Tally> asked = group(Group.ASKED);
    boolean took = asked.map(one -> one.after().share() > 0).orElse(false);
    if (!took) {
      return "The edit did not take: asked the question, the model does not say “%s”. Try another layer."
          .formatted(said);
    }
    if (asked.map(one -> one.random().share() > .5).orElse(false)) {
      return "Random changes of the same size let the model say “%s” as well, so this shows nothing."
          .formatted(said);
    }
    StringBuilder text = new StringBuilder("The edit took: the model says “%s”".formatted(said));
    group(Group.AGAIN)
        .ifPresent(one ->
            text.append(", and in ")
                .append(Spoken.percent(one.after().share()))
                .append(" of the same question elsewhere (")
                .append(Spoken.percent(one.before().share()))
                .append(" before)"));
    text.append('.');
    group(Group.OTHER)
        .ifPresent(one ->
            text.append(
                " It leaves %s of other answers as they were%s."
                    .formatted(percent(one.kept()), random(one.randomKept()))));
    group(Group.NAMED)
        .ifPresent(one ->
            text.append(
                " Of other questions that name “%s” it leaves %s."
                    .formatted(subject, percent(one.kept()))));
    return text.toString();
  }

  private static String random(Share kept) {
    return kept.of() == 0 ? "" : ", a random change of the same size " + percent(kept);
  }

  private static String percent(Share share) {
    return Spoken.percent(share.share());
  }

  /// A group, where it has questions.
  public Optional<EditTrial.Tally> group(Group group) {
    return groups.stream().filter(one -> one.group() == group).findFirst();
  }
}
