package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.experiment.Procedure;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The procedures that there are.
public enum Procedures {
  ANSWER(
      "answer",
      1,
      "the model answers, and the answer is judged beside the right ones",
      Answering::new),
  CHOOSE(
      "choose",
      1,
      "the most probable of given answers, with the picture and without it",
      Choosing::new),
  HEADS("heads", 1, "how much each head raises the word that the picture raised most", Heads::new),
  MAPS("maps", 1, "maps of that word by several methods, judged", Maps::new),
  EVIDENCE("evidence", 1, "what each word of the answer rests on", Judging::new),
  DESCRIBE(
      "describe",
      1,
      "answers read from descriptions that are refined by questions",
      Describing::new),
  MARK("mark", 1, "answers to questions about a region that is marked", Marking::new),
  THINK("think", 1, "answers from chains of pictures, beside chains of words", Thinking::new),
  VOTE("vote", 1, "drawn explanations vote on the answer, weighed and unweighed", Voting::new);

  private final String word;
  private final int version;
  private final String what;
  private final Function<Settings, Procedure.Step> maker;

  Procedures(String word, int version, String what, Function<Settings, Procedure.Step> maker) {
    this.word = word;
    this.version = version;
    this.what = what;
    this.maker = maker;
  }

  /// What commands call it.
  public String word() {
    return word;
  }

  /// What it does, in a few words.
  public String what() {
    return what;
  }

  /// One of them with settings.
  ///
  /// @param settings by name; those that are not given have defaults
  /// @throws LynceusException BAD_REQUEST for a name or a setting that there is not
  public static Procedure named(String name, Map<String, String> settings) {
    Procedures one =
        Arrays.stream(values())
            .filter(other -> other.word.equals(name))
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "there is no procedure '%s'".formatted(name),
                    "Use "
                        + Arrays.stream(values())
                            .map(Procedures::word)
                            .collect(Collectors.joining(", "))
                        + "."));
    Settings read = new Settings(name, settings);
    Procedure.Step step = one.maker.apply(read);
    return new Procedure(name, one.version, read.all(), step);
  }
}
