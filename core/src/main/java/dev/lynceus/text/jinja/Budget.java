package dev.lynceus.text.jinja;

/// What one rendering may cost, so that no template runs for ever or fills the memory. Also knows
/// the line that is being run, for errors.
///
/// Work is counted, not steps: whatever goes over a text, a list or a value charges its length, and
/// whatever makes one charges its bytes, as if none were ever freed. Values charge when they are
/// made ([Value]), so that no operator or filter can forget it; what only reads charges where it
/// reads. While a template renders its budget is bound to the thread; a parser runs without one.
final class Budget {
  static final int MAX_RANGE = 100_000;
  static final int MAX_STEPS = 1_000_000;
  static final int MAX_TEXT = 16 << 20;

  /// Units of work, of which a character is one and an expression ten: a second or two.
  static final long MAX_WORK = 200_000_000;

  /// Bytes of all values that are made.
  static final long MAX_BYTES = 128 << 20;

  /// What it takes to look at one value.
  static final int COMPARISON = 25;

  private static final int MAX_CALLS = 60;
  private static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

  /// Stands for no rendering at all.
  private static final Budget NONE = new Budget();

  private int steps;
  private int calls;
  private int line = 1;
  private long work;
  private long bytes;

  /// Runs a rendering at the cost of this budget.
  String during(ScopedValue.CallableOp<String, RuntimeException> rendering) {
    return ScopedValue.where(CURRENT, this).call(rendering);
  }

  int line() {
    return line;
  }

  void at(int newLine) {
    line = newLine;
  }

  void step() {
    if (++steps > MAX_STEPS) {
      throw tooMuch("more than " + MAX_STEPS + " loop steps");
    }
    charge(50, 250);
  }

  /// One expression or statement.
  void expression() {
    charge(10, 0);
  }

  void enter() {
    if (++calls > MAX_CALLS) {
      throw new TemplateFault("macros call each other more than " + MAX_CALLS + " deep");
    }
    charge(100, 500);
  }

  void leave() {
    calls--;
  }

  private void charge(long units, long moreBytes) {
    work += units;
    bytes += moreBytes;
    if (work > MAX_WORK) {
      throw tooMuch("more than " + MAX_WORK / 1_000_000 + " million units");
    }
    if (bytes > MAX_BYTES) {
      throw tooMuch("values of more than " + (MAX_BYTES >> 20) + " MiB");
    }
  }

  static TemplateFault tooMuch(String what) {
    return new TemplateFault("the template does too much work: " + what);
  }

  /// Charges what goes over so many characters or elements.
  static void work(long units) {
    made(units, 0);
  }

  /// Charges what makes a value.
  static void made(long units, long bytes) {
    Budget current = CURRENT.orElse(NONE);
    if (current != NONE) {
      current.charge(units, bytes);
    }
  }

  static void elements(long count) {
    if (count > MAX_STEPS) {
      throw tooMuch("a list of more than " + MAX_STEPS + " elements");
    }
  }

  static void text(long length) {
    if (length > MAX_TEXT) {
      throw tooMuch("a text of more than " + MAX_TEXT + " characters");
    }
  }
}
