package dev.lynceus.cli;

/// What commands are for, in the order in which the list of commands and the documents have them.
enum CommandGroup {
  START("Start", "ask, explain, and find your way"),
  LOOK("Look", "what is inside, without changing anything"),
  CHANGE("Change", "change the model while it runs, and see what becomes of its answer"),
  STRATEGY("Strategy", "ask in other ways, and see whether that makes answers better"),
  JUDGE("Judge", "what an answer rests on, and which explanation to believe"),
  WORLD("World", "the bundled model's world, where the truth is known");

  private final String title;
  private final String purpose;

  CommandGroup(String title, String purpose) {
    this.title = title;
    this.purpose = purpose;
  }

  /// One word, as headings have it.
  String title() {
    return title;
  }

  /// What one does with these commands, in a line.
  String purpose() {
    return purpose;
  }
}
