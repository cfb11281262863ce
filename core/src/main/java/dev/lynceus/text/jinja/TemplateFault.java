package dev.lynceus.text.jinja;

/// Stops a template from inside. [Template] turns it into the exception of the house and adds the
/// line.
final class TemplateFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why a template stopped.
  enum Kind {
    /// The template is wrong, or uses what is not supported.
    DEFECT,
    /// The template itself refused the conversation with `raise_exception`.
    REFUSED
  }

  private final Kind kind;

  TemplateFault(String message) {
    this(Kind.DEFECT, message);
  }

  TemplateFault(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
