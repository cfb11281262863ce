package dev.lynceus.lab.skill;

import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Exercise.Asked;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Silhouette;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Questions of further skills about facts, and their answers.
///
/// @param random what is chosen follows from it
record SkillQuestions(RandomGenerator random) {
  static final String OBJECT = "What is the color of the object?";

  private static final List<String> ORDINALS = List.of("first", "second", "third");

  /// `first` for 0.
  static String ordinal(int number) {
    return ORDINALS.get(number);
  }

  /// A question of one of the kinds of the world, drawn until the facts allow it.
  Asked old(List<Fact> facts) {
    Asker asker = new Asker(Silhouette.names(), random);
    while (true) {
      Optional<Question> question = asker.ask(kind(), facts);
      if (question.isPresent()) {
        return Asked.of(question.get());
      }
    }
  }

  /// A question of a kind that all facts allow.
  Asked old(Kind kind, List<Fact> facts) {
    return Asked.of(new Asker(Silhouette.names(), random).ask(kind, facts).orElseThrow());
  }

  /// Adds a question that is not there yet; now and then one that is, since few pictures have
  /// enough questions of their own.
  void addNew(List<Asked> asked, Asked next) {
    boolean known = asked.stream().anyMatch(one -> one.text().equals(next.text()));
    if (!known || random.nextInt(4) == 0) {
      asked.add(next);
    }
  }

  private Kind kind() {
    double drawn = random.nextDouble();
    if (drawn < .16) {
      return Kind.COLOUR;
    }
    if (drawn < .31) {
      return Kind.WHICH;
    }
    if (drawn < .45) {
      return Kind.WHERE;
    }
    if (drawn < .59) {
      return Kind.EXISTS;
    }
    if (drawn < .67) {
      return Kind.COUNT;
    }
    if (drawn < .74) {
      return Kind.SAME;
    }
    return drawn < .82 ? Kind.SIDE : Kind.DESCRIBE;
  }

  /// A thing that is not there.
  String absent(List<Fact> facts) {
    List<String> names =
        Silhouette.names().stream()
            .filter(name -> facts.stream().noneMatch(fact -> fact.noun().equals(name)))
            .toList();
    return names.get(random.nextInt(names.size()));
  }

  /// A question that takes for granted what is not so.
  Asked premise(List<Fact> facts) {
    String label = Skill.PREMISE.label();
    String noun = absent(facts);
    String there = facts.get(random.nextInt(facts.size())).noun();
    return switch (random.nextInt(4)) {
      case 0, 1 -> none(label, "What is the color of the " + noun + "?", noun);
      case 2 -> none(label, "Where is the " + noun + "?", noun);
      default ->
          random.nextBoolean()
              ? none(label, "Is the " + noun + " left or right of the " + there + "?", noun)
              : none(label, "Is the " + there + " left or right of the " + noun + "?", noun);
    };
  }

  /// `There is no dog.`
  static Asked none(String label, String text, String noun) {
    return Asked.of(label, text, "", "There is no " + noun, ".");
  }

  /// A question that does not say which of several things it means.
  Asked ambiguous() {
    String text = random.nextInt(3) == 0 ? "Where is the object?" : OBJECT;
    return Asked.of(Skill.ASK_BACK.label(), text, "", "Which object", "?");
  }

  /// `The color of the object is brown.`
  static Asked colour(String label, String text, Fact fact) {
    return Asked.of(label, text, "The color of the object is ", fact.colour().word(), ".");
  }

  /// `The color of the dog is brown.`, to a question that is not the usual one.
  static Asked named(String label, String text, Fact fact) {
    return Asked.of(
        label, text, "The color of the " + fact.noun() + " is ", fact.colour().word(), ".");
  }

  /// `A brown dog.`
  static Asked thing(String label, String text, Fact fact) {
    String thing = article(fact.colour().word()) + " " + fact.colour().word() + " " + fact.noun();
    return Asked.of(label, text, "", thing, ".");
  }

  private static String article(String word) {
    return "aeiou".indexOf(word.charAt(0)) >= 0 ? "An" : "A";
  }

  /// The usual question for a colour, counted as something else.
  static Asked counted(String label, Asked asked) {
    return new Asked(label, asked.text(), asked.answer(), asked.start(), asked.end());
  }
}
