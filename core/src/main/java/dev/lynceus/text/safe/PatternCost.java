package dev.lynceus.text.safe;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// How long a pattern may search, and what it can match.
///
/// The library tries a pattern at a place, and where it fails it goes back to every choice that it
/// made and takes the next; after ten million such steps it panics. The choices of parts in a row
/// multiply. Only choices before the last part that can fail count: what follows cannot send the
/// search back. What is taken and never given back counts as well: it is gone over again from the
/// next place. A repeat of one character has as many choices as the text is long, its *degree* is
/// one; a repeat whose part itself has choices doubles them with each character and is refused, and
/// so is a row whose degrees add up to two.
///
/// @param least characters of the shortest match
/// @param degree exponent of the length of the text in the steps of one try
/// @param ways steps of one try where the degree is nought, else what they are multiplied by
/// @param nodes size of the pattern when bounded repeats are written out
record PatternCost(long least, int degree, double ways, double nodes) {
  private static final double MOST_WAYS = 5000;
  private static final double MOST_NODES = 20_000;

  /// How often a pattern goes over a text.
  enum Time {
    /// A bounded number of times.
    LINEAR,
    /// Once for each place where it can begin.
    QUADRATIC
  }

  /// What is known about a safe pattern.
  ///
  /// @param least characters of its shortest match, at least one
  /// @param ways how often it may go back over the same run of characters
  /// @param nodes its size, which is what it may take at one place
  record Safe(long least, Time time, double ways, double nodes) {}

  /// Judges a pattern.
  ///
  /// @throws TokenizerDefect if it can take more than quadratic time, or can match nothing
  static Safe of(String source) {
    PatternTree tree = PatternParser.parse(source);
    PatternCost cost = tried(tree);
    String shown = "the pattern " + TokenizerDefect.shown(source) + " ";
    if (whole(tree).nodes() > MOST_NODES) {
      throw beyond(shown + "repeats too much within repeats");
    }
    if (cost.degree() > 1 || cost.ways() > MOST_WAYS) {
      throw beyond(
          shown + "can take time without bound: its choices multiply with the length of a text");
    }
    if (cost.least() == 0) {
      throw new TokenizerDefect(shown + "matches the empty text", TokenizerDefect.Kind.UNSUPPORTED);
    }
    return new Safe(
        cost.least(),
        cost.degree() == 0 || isMadeGood(tree) ? Time.LINEAR : Time.QUADRATIC,
        cost.degree() == 0 ? 1 : cost.ways(),
        whole(tree).nodes());
  }

  private static TokenizerDefect beyond(String reason) {
    return new TokenizerDefect(reason, TokenizerDefect.Kind.BEYOND_BOUNDS);
  }

  static boolean isFixed(PatternTree tree) {
    return switch (tree) {
      case PatternTree.One _, PatternTree.Look _ -> true;
      case PatternTree.Row row -> row.parts().stream().allMatch(PatternCost::isFixed);
      case PatternTree.Choice choice ->
          choice.options().stream()
              .allMatch(option ->
                  isFixed(option)
                      && whole(option).least() == whole(choice.options().getFirst()).least());
      case PatternTree.Repeat repeat -> repeat.least() == repeat.most() && isFixed(repeat.part());
      case PatternTree.Atomic atomic -> isFixed(atomic.part());
    };
  }

  private PatternCost plus(PatternCost other) {
    return new PatternCost(
        least + other.least, degree + other.degree, ways * other.ways, nodes + other.nodes);
  }

  /// Every way through a part, where what follows it can fail.
  private static PatternCost whole(PatternTree tree) {
    return switch (tree) {
      case PatternTree.One _ -> new PatternCost(1, 0, 1, 1);
      case PatternTree.Look look -> {
        PatternCost inside =
            look.inside().isEmpty() ? new PatternCost(0, 0, 1, 1) : whole(look.inside().getFirst());
        // What it goes over counts at every place, though it is left for good.
        yield new PatternCost(0, inside.degree(), inside.ways(), inside.nodes() + 1);
      }
      case PatternTree.Row row -> row(row.parts());
      case PatternTree.Choice choice -> choice(choice, false);
      case PatternTree.Atomic atomic -> whole(atomic.part());
      case PatternTree.Repeat repeat -> repeat(repeat);
    };
  }

  private static PatternCost row(List<PatternTree> parts) {
    PatternCost sum = new PatternCost(0, 0, 1, 0);
    for (PatternTree part : parts) {
      sum = sum.plus(whole(part));
    }
    return sum;
  }

  private static PatternCost choice(PatternTree.Choice choice, boolean last) {
    long least = Long.MAX_VALUE;
    int degree = 0;
    double ways = 0;
    double nodes = 0;
    for (PatternTree option : choice.options()) {
      PatternCost cost = last ? tried(option) : whole(option);
      least = Math.min(least, cost.least());
      if (cost.degree() > degree) {
        ways = 0;
      }
      degree = Math.max(degree, cost.degree());
      ways += cost.degree() == degree ? cost.ways() : 0;
      nodes += cost.nodes();
    }
    return new PatternCost(least, degree, areApart(choice) ? 1 : ways, nodes);
  }

  /// Whether the options are letters of which never two fit: then the choice is a set. Sets may
  /// overlap, as in `.|.`, and are not compared.
  private static boolean areApart(PatternTree.Choice choice) {
    Set<String> seen = new HashSet<>();
    return choice.options().stream()
        .allMatch(option ->
            option instanceof PatternTree.One one
                && one.source().matches("[A-Za-z0-9 ',;:!-]")
                && seen.add(one.source().toLowerCase(Locale.ROOT)));
  }

  private static PatternCost repeat(PatternTree.Repeat repeat) {
    PatternCost part = whole(repeat.part());
    double times = repeat.endless() ? repeat.least() + 1.0 : repeat.most();
    long least = part.least() * repeat.least();
    double nodes = part.nodes() * Math.max(1, times);
    boolean oneWay = part.degree() == 0 && part.ways() == 1 && isFixed(repeat.part());
    if (repeat.endless()) {
      if (!oneWay) {
        // A repeat of what can be taken in several ways: the ways double with each character.
        return new PatternCost(least, 100, part.ways(), nodes);
      }
      return new PatternCost(least, 1, 1, nodes);
    }
    int choices = repeat.most() - repeat.least() + 1;
    double ways = Math.pow(part.ways(), repeat.most()) * (repeat.kept() ? 1 : choices);
    return new PatternCost(least, part.degree() * repeat.most(), Math.min(ways, 1e18), nodes);
  }

  /// The steps of a try, where nothing follows that could fail.
  private static PatternCost tried(PatternTree tree) {
    return switch (tree) {
      case PatternTree.Choice choice -> choice(choice, true);
      case PatternTree.Row row -> {
        int last = row.parts().size() - 1;
        while (last > 0 && !canFail(row.parts().get(last))) {
          last--;
        }
        if (row.parts().isEmpty()) {
          yield new PatternCost(0, 0, 1, 0);
        }
        PatternCost before = row(row.parts().subList(0, last));
        PatternCost cost = before.plus(tried(row.parts().get(last)));
        for (PatternTree after : row.parts().subList(last + 1, row.parts().size())) {
          // Nothing sends the search back into these, but a repeat in them may search inside
          // itself.
          PatternCost inside = tried(after);
          double ways =
              cost.degree() == inside.degree()
                  ? Math.max(cost.ways(), inside.ways())
                  : cost.degree() > inside.degree() ? cost.ways() : inside.ways();
          cost =
              new PatternCost(
                  cost.least() + inside.least(),
                  Math.max(cost.degree(), inside.degree()),
                  ways,
                  cost.nodes() + inside.nodes());
        }
        yield cost;
      }
      case PatternTree.Repeat repeat -> {
        PatternCost whole = repeat(repeat);
        boolean plain = repeat.part() instanceof PatternTree.One;
        yield plain ? new PatternCost(whole.least(), 0, 1, whole.nodes()) : whole;
      }
      case PatternTree.One _, PatternTree.Look _, PatternTree.Atomic _ -> whole(tree);
    };
  }

  private static boolean canFail(PatternTree tree) {
    return !(tree instanceof PatternTree.Repeat repeat && repeat.least() == 0);
  }

  /// Whether each option that goes back over a run of characters is followed by one that takes the
  /// same run, so that the search goes on after it: `\s*[\r\n]+|…|\s+`.
  private static boolean isMadeGood(PatternTree tree) {
    if (!(tree instanceof PatternTree.Choice choice)) {
      return false;
    }
    List<PatternTree> options = choice.options();
    for (int i = 0; i < options.size(); i++) {
      if (tried(options.get(i)).degree() == 0) {
        continue;
      }
      String run = run(options.get(i));
      boolean taken =
          !run.isEmpty()
              && options.subList(i + 1, options.size()).stream()
                  .anyMatch(later -> takes(later, run));
      if (!taken) {
        return false;
      }
    }
    return true;
  }

  /// The set of the only endless repeat that is gone back over, empty where there is another form.
  private static String run(PatternTree option) {
    List<PatternTree> parts = option instanceof PatternTree.Row row ? row.parts() : List.of(option);
    for (PatternTree part : parts) {
      if (part instanceof PatternTree.Repeat repeat
          && repeat.endless()
          && repeat.part() instanceof PatternTree.One one) {
        return one.source();
      }
      if (!(part instanceof PatternTree.One
          || part instanceof PatternTree.Repeat repeat && repeat.most() == 1)) {
        return "";
      }
    }
    return "";
  }

  /// Whether an option always takes a whole run of a set: `x?[set]+y*`.
  private static boolean takes(PatternTree option, String set) {
    List<PatternTree> parts = option instanceof PatternTree.Row row ? row.parts() : List.of(option);
    boolean taken = false;
    for (PatternTree part : parts) {
      boolean run =
          part instanceof PatternTree.Repeat repeat
              && repeat.endless()
              && repeat.least() <= 1
              && repeat.part() instanceof PatternTree.One one
              && one.source().equals(set);
      if (run && !taken) {
        taken = true;
      } else if (canFail(part)) {
        return false;
      }
    }
    return taken;
  }
}
