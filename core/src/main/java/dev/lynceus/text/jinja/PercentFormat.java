package dev.lynceus.text.jinja;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `"%s of %d" % values`.
final class PercentFormat {
  private static final Pattern FIELD =
      Pattern.compile("%([-+0 ]*)(\\d{0,3})(?:\\.(\\d{1,2}))?([a-zA-Z%(])");

  private PercentFormat() {}

  static String format(String format, List<Value> values) {
    Budget.work(10L * format.length());
    StringBuilder out = new StringBuilder();
    Matcher field = FIELD.matcher(format);
    int last = 0;
    int next = 0;
    while (field.find()) {
      out.append(format, last, field.start());
      last = field.end();
      if (field.group(4).equals("%")) {
        out.append('%');
        continue;
      }
      if (next >= values.size()) {
        throw new TemplateFault("not enough values for the format string");
      }
      Value value = values.get(next++);
      try {
        out.append(one(field, value));
      } catch (IllegalArgumentException e) {
        throw new TemplateFault(
            "the format field " + field.group() + " is not supported for " + PythonText.str(value));
      }
      Budget.work(20);
      Budget.text(out.length());
    }
    if (next < values.size()) {
      throw new TemplateFault("not all values were used by the format string");
    }
    return out.append(format.substring(last)).toString();
  }

  private static String one(Matcher field, Value value) {
    String flags = field.group(1);
    String width = field.group(2);
    String precision = field.group(3);
    return switch (field.group(4)) {
      case "s", "r" -> {
        String text = field.group(4).equals("s") ? PythonText.str(value) : PythonText.repr(value);
        String cut =
            precision == null
                ? text
                : text.substring(0, Math.min(text.length(), Integer.parseInt(precision)));
        yield width.isEmpty()
            ? cut
            : String.format(Locale.ROOT, "%" + (flags.contains("-") ? "-" : "") + width + "s", cut);
      }
      case "d", "i" ->
          String.format(
              Locale.ROOT,
              "%" + flags + width + "d",
              value instanceof Value.Real number ? (long) number.value() : Operators.whole(value));
      case "x", "X" ->
          String.format(Locale.ROOT, "%" + flags + width + field.group(4), Operators.whole(value));
      case "f", "F" ->
          String.format(
              Locale.ROOT,
              "%" + flags + width + "." + (precision == null ? "6" : precision) + "f",
              new java.math.BigDecimal(Operators.real(value))
                  .setScale(
                      precision == null ? 6 : Integer.parseInt(precision),
                      java.math.RoundingMode.HALF_EVEN));
      default -> throw new TemplateFault("the format field " + field.group() + " is not supported");
    };
  }
}
