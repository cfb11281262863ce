package dev.lynceus.text.jinja;

/// What one rendering may cost, so that no template runs for ever or fills the memory. Also knows
/// the line that is being run, for errors.
final class Budget {
  static final int MAX_RANGE = 100_000;
  static final int MAX_STEPS = 1_000_000;
  static final int MAX_TEXT = 16 << 20;
  private static final int MAX_CALLS = 60;

  private int steps;
  private int calls;
  private int line = 1;

  int line() {
    return line;
  }

  void at(int newLine) {
    line = newLine;
  }

  void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateFault("the template runs more than " + MAX_STEPS + " loop steps");
    }
  }

  void enter() {
    if (++calls > MAX_CALLS) {
      throw new TemplateFault("macros call each other more than " + MAX_CALLS + " deep");
    }
  }

  void leave() {
    calls--;
  }

  static void elements(long count) {
    if (count > MAX_STEPS) {
      throw new TemplateFault("the template makes a list of more than " + MAX_STEPS + " elements");
    }
  }

  static void text(long length) {
    if (length > MAX_TEXT) {
      throw new TemplateFault("the template makes a text of more than " + MAX_TEXT + " characters");
    }
  }
}
