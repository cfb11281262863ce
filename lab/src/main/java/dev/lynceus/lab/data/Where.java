package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A condition on a field of an example: `kind=colour`, `answers!=yes`, `question~dog`, `P>=0.5`.
///
/// @param field `id`, `question`, `passage`, `answers`, `choices`, `kind`, `images` (names),
///   `pictures`, `answered`, `boxes` (how many), `labels` (of regions), `row`, `file`, or a field
///   of the data set
/// @param test what is asked of it
/// @param value what it is compared with
public record Where(String field, Test test, String value) {
  private static final Pattern FORM =
      Pattern.compile("(?s)\\s*([^=!<>~]+?)\\s*(!=|>=|<=|=|<|>|~)\\s*(.*?)\\s*");

  /// How a field is compared. Where it has several values, as `answers` has, one that passes does;
  /// `!=` asks that none is equal.
  public enum Test {
    EQUAL("="),
    DIFFERENT("!="),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">="),
    /// The text is part of it, in large or small letters.
    CONTAINS("~");

    private final String sign;

    Test(String sign) {
      this.sign = sign;
    }

    boolean isOfNumbers() {
      return switch (this) {
        case LESS, AT_MOST, MORE, AT_LEAST -> true;
        case EQUAL, DIFFERENT, CONTAINS -> false;
      };
    }
  }

  public Where {
    if (test.isOfNumbers() && number(value) == null) {
      throw Refusal.bad(
          "%s%s%s compares with what is no number".formatted(field, test.sign, value),
          "Compare texts with = or !=, or ~ for a part of them.");
    }
  }

  /// A condition as it is written.
  ///
  /// @throws LynceusException BAD_REQUEST for what is none
  public static Where parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw Refusal.bad(
          Refusal.quoted(text) + " is no condition",
          "Write FIELD=VALUE, or with !=, <, <=, >, >=, ~ (contains), for example kind=colour.");
    }
    for (Test test : Test.values()) {
      if (test.sign.equals(form.group(2))) {
        return new Where(form.group(1), test, form.group(3));
      }
    }
    throw new IllegalStateException("a sign without a test: " + form.group(2));
  }

  /// Whether an example passes.
  public boolean passes(Example example) {
    List<String> values = values(example);
    return test == Test.DIFFERENT
        ? values.stream().noneMatch(this::isEqual)
        : values.stream().anyMatch(this::passes);
  }

  private boolean passes(String one) {
    return switch (test) {
      case EQUAL, DIFFERENT -> isEqual(one);
      case CONTAINS -> one.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
      case LESS, AT_MOST, MORE, AT_LEAST -> compares(one);
    };
  }

  private boolean compares(String one) {
    Double left = number(one);
    Double right = number(value);
    if (left == null || right == null) {
      return false;
    }
    int order = Double.compare(left, right);
    return switch (test) {
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case MORE -> order > 0;
      case AT_LEAST -> order >= 0;
      case EQUAL, DIFFERENT, CONTAINS -> false;
    };
  }

  private boolean isEqual(String one) {
    if (one.equals(value)) {
      return true;
    }
    Double left = number(one);
    Double right = number(value);
    return left != null && right != null && left.doubleValue() == right.doubleValue();
  }

  private static @Nullable Double number(String text) {
    return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?")
        ? Double.valueOf(text)
        : null;
  }

  /// Whether examples have the field at all.
  boolean isKnown(Example example) {
    return OWN.contains(field) || example.fields().containsKey(field);
  }

  private static final List<String> OWN =
      List.of(
          "id",
          "question",
          "passage",
          "answers",
          "choices",
          "kind",
          "images",
          "pictures",
          "answered",
          "boxes",
          "labels",
          "row",
          "file");

  /// What can be asked for, for messages.
  static String fields(List<Example> examples) {
    TreeSet<String> names = new TreeSet<>();
    examples.stream().limit(1000).forEach(one -> names.addAll(one.fields().keySet()));
    List<String> all = new ArrayList<>(OWN);
    names.stream()
        .filter(name -> !OWN.contains(name))
        .limit(40)
        .map(Refusal::shown)
        .forEach(all::add);
    return String.join(", ", all);
  }

  private List<String> values(Example example) {
    return values(example, field);
  }

  /// What an example has in a field; none where it has not that field.
  public static List<String> values(Example example, String field) {
    String told = example.fields().get(field);
    return switch (field) {
      case "id" -> told == null ? List.of(example.id()) : List.of(example.id(), told);
      case "question" -> List.of(example.question());
      case "passage" -> List.of(example.passage());
      case "answers" -> example.answers();
      case "choices" -> example.choices();
      case "kind" -> List.of(example.kind());
      case "images" -> example.images().stream().map(ImageSource::name).toList();
      case "pictures" -> List.of(Integer.toString(example.images().size()));
      case "answered" -> List.of(Integer.toString(example.answers().size()));
      case "boxes" -> List.of(Integer.toString(example.regions().size()));
      case "labels" -> example.regions().stream().map(LabelledRegion::label).toList();
      case "row" -> List.of(Long.toString(example.origin().row()));
      case "file" -> List.of(String.valueOf(example.origin().file().getFileName()));
      default -> told == null ? List.of() : List.of(told);
    };
  }

  /// As it is written.
  @Override
  public String toString() {
    return field + test.sign + value;
  }
}
