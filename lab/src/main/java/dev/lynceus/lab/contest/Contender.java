package dev.lynceus.lab.contest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A way to get an answer.
///
/// @param name of it; controls begin with that of their strategy
/// @param part what it is there for
/// @param what it is, in a few words
/// @param job what is done with every question
/// @param metric of the job that says whether the answer is right
/// @param controls names of those that it must beat to be worth what it claims
record Contender(
    String name, Part part, String what, Job job, String metric, List<String> controls) {

  /// What a contender is there for.
  enum Part {
    /// The question alone, with the picture: what all others are compared with.
    BASE,
    /// A strategy.
    STRATEGY,
    /// What does the same as a strategy but for the point of it.
    CONTROL
  }

  /// What is done with a question.
  ///
  /// @param procedure of the lab
  /// @param settings of it
  /// @param picture which picture it is about
  record Job(String procedure, Map<String, String> settings, Shown picture) {
    Job {
      settings = Map.copyOf(settings);
    }
  }

  /// Which picture a job is about.
  enum Shown {
    /// That of the question.
    OWN,
    /// That of another question of the same kind.
    ANOTHER
  }

  Contender {
    controls = List.copyOf(controls);
  }

  private static final String SCORE = "score";
  private static final String BOXES = "boxes";
  static final String THINK = "think";
  static final String VOTE = "vote";
  static final String MARK = "mark";
  static final String DESCRIBE = "describe";
  private static final String ELSEWHERE = "elsewhere";
  private static final String OWN_MAP = "own map";
  static final String DIRECT = "direct";

  /// The strategy that it is, or is a control of.
  String strategy() {
    return name.replaceFirst(",.*", "");
  }

  private static String control(String strategy, String which) {
    return strategy + ", " + which;
  }

  /// All of them, the base first, every strategy before its controls.
  ///
  /// @param samples explanations of a vote
  /// @param temperature that they are drawn at
  static List<Contender> all(int samples, double temperature) {
    Job describes = new Job(DESCRIBE, Map.of(), Shown.OWN);
    Job marks = new Job(MARK, Map.of(BOXES, "truth"), Shown.OWN);
    // Every question has a map, also one about what is not there.
    Job mapped = new Job(MARK, Map.of(BOXES, "map"), Shown.OWN);
    Job votes =
        new Job(
            VOTE,
            Map.of(
                "samples", Integer.toString(samples), "temperature", Double.toString(temperature)),
            Shown.OWN);
    List<Contender> all = new ArrayList<>();
    all.add(
        new Contender(
            DIRECT,
            Part.BASE,
            "the question alone, with the picture",
            mapped,
            "score_direct",
            List.of()));
    String other = control(DESCRIBE, "another picture");
    String first = control(DESCRIBE, "no questions");
    all.add(
        strategy(DESCRIBE, "from the model's own description, after one question", describes)
            .against(other, first));
    all.add(
        new Contender(
            other,
            Part.CONTROL,
            "the same from the description of another picture",
            new Job(DESCRIBE, Map.of(), Shown.ANOTHER),
            SCORE,
            List.of()));
    all.add(of(first, "from the first description, before the question", describes, "first"));
    String beside = control(MARK, ELSEWHERE);
    all.add(strategy(MARK, "a red box around what the answer follows from", marks).against(beside));
    all.add(
        strategy(control(MARK, OWN_MAP), "a box around where its own map is strongest", mapped)
            .against(beside));
    all.add(
        new Contender(
            beside,
            Part.CONTROL,
            "a box of that size anywhere but there",
            new Job(MARK, Map.of(BOXES, ELSEWHERE), Shown.OWN),
            SCORE,
            List.of()));
    String words = control(THINK, "words only");
    String apart = control(THINK, ELSEWHERE);
    Job looks = thinking("truth");
    all.add(
        strategy(THINK, "after a crop of what the answer follows from", looks)
            .against(apart, words));
    all.add(
        strategy(
                control(THINK, OWN_MAP),
                "after a crop of where its own map is strongest",
                thinking("map"))
            .against(apart, words));
    all.add(
        new Contender(
            apart,
            Part.CONTROL,
            "after a crop of that size anywhere but there",
            thinking(ELSEWHERE),
            SCORE,
            List.of()));
    all.add(of(words, "after thoughts in words, without a crop", looks, "chain"));
    String majority = control(VOTE, "majority");
    String soft = control(VOTE, "soft");
    String greedy = control(VOTE, "greedy");
    all.add(
        strategy(VOTE, "drawn explanations, weighed (EASE)", votes)
            .against(majority, soft, greedy));
    all.add(of(majority, "most answers of the same explanations", votes, "majority"));
    all.add(of(soft, "their probabilities, not weighed", votes, "soft"));
    all.add(of(greedy, "after one explanation, the most probable", votes, "greedy"));
    return List.copyOf(all);
  }

  private static Job thinking(String where) {
    return new Job(THINK, Map.of("plan", "crop", BOXES, where), Shown.OWN);
  }

  private static Contender strategy(String name, String what, Job job) {
    return new Contender(name, Part.STRATEGY, what, job, SCORE, List.of());
  }

  private static Contender of(String name, String what, Job job, String way) {
    return new Contender(name, Part.CONTROL, what, job, SCORE + "_" + way, List.of());
  }

  private Contender against(String... names) {
    return new Contender(name, part, what, job, metric, List.of(names));
  }
}
