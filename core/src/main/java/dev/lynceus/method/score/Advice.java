package dev.lynceus.method.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Spoken;
import java.util.List;

/// Which map to trust about one word of one picture, and how sure that is.
///
/// @param method whose map it is
/// @param sure probability, 0 to 1, that its strongest patch lies on what the answer follows from:
///   the share of the held-out questions about as sure as this one in which it did, with the 95 %
///   interval of that share after Wilson (1927); `of` are their pictures
/// @param choice how the method was chosen
/// @param tried how good such advice was on questions that it was not fitted on, best choice first
///   where it pays
/// @param signs what was measured on this picture of the method's map
/// @param others the other methods, each with the probability that the fit gives it, the surest
///   first
/// @param doubts why it should not be relied on here; none where nothing speaks against it
public record Advice(
    String method,
    Estimate sure,
    Choice choice,
    String tried,
    List<Sign> signs,
    List<Sure> others,
    List<String> doubts) {
  public Advice {
    signs = List.copyOf(signs);
    others = List.copyOf(others);
    doubts = List.copyOf(doubts);
  }

  /// How a method is chosen.
  public enum Choice {
    /// Always the one that was right most often.
    ALWAYS,
    /// The one that was right most often where questions begin in the same way.
    FORM,
    /// The one that is the surest by the signs on this picture, and by how the question begins.
    PICTURE
  }

  /// A number measured on this picture.
  ///
  /// @param name of it
  /// @param value here
  /// @param low least value among the questions that the adviser was fitted on
  /// @param high largest value among them
  public record Sign(String name, double value, double low, double high) {
    /// Whether it is outside of what was fitted on. Part of the JSON, made anew when it is read.
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public boolean outside() {
      return value < low || value > high;
    }
  }

  /// How sure one method is.
  ///
  /// @param sure probability, 0 to 1, of the logistic sum alone
  public record Sure(String method, double sure) {}

  /// As sentences. Part of the JSON, made anew when it is read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public String text() {
    String said =
        "Trust the map of %s: where it was as sure as here, its strongest patch lay on what the answer follows from in %s of the questions. %s"
            .formatted(method, sure.text(), tried);
    return doubts.isEmpty()
        ? said
        : said + " Do not rely on this advice here: " + String.join("; ", doubts) + ".";
  }

  /// The same in a few words, for example `integrated-gradients, 0.97`.
  public String brief() {
    return method
        + ", "
        + Spoken.number(sure.value())
        + (doubts.isEmpty() ? "" : ", not to be relied on");
  }
}
