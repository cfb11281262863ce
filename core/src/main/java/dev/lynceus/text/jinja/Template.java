package dev.lynceus.text.jinja;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A template that was parsed and can be rendered any number of times, by several threads.
public final class Template {
  private static final int LONGEST_SOURCE = 1 << 20;
  private static final String NEXT =
      "Correct the template, or give the prompt as plain text; docs/reference/text.md lists what is supported.";

  private final String name;
  private final List<Node> nodes;

  private Template(String name, List<Node> nodes) {
    this.name = name;
    this.nodes = nodes;
  }

  /// Parses a template.
  ///
  /// @param name what to call it in errors, for example `chat_template.jinja`
  /// @param source its text
  /// @throws LynceusException `BAD_CHECKPOINT` with the line if the source is wrong
  public static Template parse(String name, String source) {
    if (source.length() > LONGEST_SOURCE) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          name + " has " + source.length() + " characters, more than " + LONGEST_SOURCE,
          NEXT);
    }
    try {
      return new Template(name, Parser.parse(source));
    } catch (TemplateFault fault) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT, name + " " + fault.getMessage(), NEXT, fault);
    } catch (StackOverflowError e) {
      throw tooDeep(name, e);
    }
  }

  /// The limits of the parser and of macros keep ordinary stacks from this; a small stack may still
  /// end.
  private static LynceusException tooDeep(String name, StackOverflowError e) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT, name + " is nested too deeply to be run", NEXT, e);
  }

  /// Renders with the time of this machine. See [#render(Map, Clock)].
  public String render(Map<String, ? extends @Nullable Object> variables) {
    return render(variables, Clock.systemDefaultZone());
  }

  /// Renders the template.
  ///
  /// @param variables plain values: null, Boolean, Integer, Long, Double, String, List, Map
  /// @param clock what `strftime_now` reads
  /// @throws LynceusException `BAD_REQUEST` if the template refuses the conversation with
  ///   `raise_exception`, `BAD_CHECKPOINT` with the line if it fails
  public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    Budget budget = new Budget();
    Scope scope = new Scope(Globals.scope(clock));
    variables.forEach((key, value) -> scope.set(key, Value.from(value)));
    try {
      return budget.during(() -> new Interpreter(budget).render(nodes, scope));
    } catch (TemplateFault fault) {
      throw switch (fault.kind()) {
        case REFUSED ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                name + " refuses this conversation: " + fault.getMessage(),
                "Change the roles or the order of the messages.",
                fault);
        case DEFECT ->
            new LynceusException(
                ErrorCode.BAD_CHECKPOINT,
                name + " line " + budget.line() + ": " + fault.getMessage(),
                NEXT,
                fault);
      };
    } catch (ArithmeticException | IllegalArgumentException e) {
      // Numbers and formats beyond what Java's own functions take.
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          name + " line " + budget.line() + ": a value is out of range: " + e.getMessage(),
          NEXT,
          e);
    } catch (StackOverflowError e) {
      throw tooDeep(name, e);
    } catch (OutOfMemoryError e) {
      // Everything that the template made is free again.
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          name + " line " + budget.line() + ": the template does too much work: memory is full",
          NEXT,
          e);
    }
  }
}
