package dev.lynceus.text.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `"{} {name} {0:.2f}".format(...)`.
final class BraceFormat {
  private static final Pattern FIELD =
      Pattern.compile(
          "\\{\\{|}}|\\{(\\w*)(?:!([rs]))?(?::(?:(0?)(\\d{0,3}))(?:\\.(\\d{1,2}))?([sdf]?))?}|[{}]");

  private BraceFormat() {}

  static String format(String format, Arguments args) {
    Budget.work(10L * format.length());
    StringBuilder out = new StringBuilder();
    Matcher field = FIELD.matcher(format);
    int next = 0;
    int last = 0;
    while (field.find()) {
      out.append(format, last, field.start());
      last = field.end();
      String whole = field.group();
      if (whole.equals("{{") || whole.equals("}}")) {
        out.append(whole.charAt(0));
        continue;
      }
      if (whole.length() == 1) {
        throw new TemplateFault("this use of braces in format is not supported");
      }
      String name = field.group(1);
      int index =
          name.isEmpty()
              ? next++
              : name.matches("\\d{1,3}") ? Integer.parseInt(name) : Integer.MAX_VALUE;
      Value value = args.require(index, name);
      out.append(one(field, value));
      Budget.work(20);
      Budget.text(out.length());
    }
    return out.append(format.substring(last)).toString();
  }

  private static String one(Matcher field, Value value) {
    boolean number = Operators.isNumber(value) && !(value instanceof Value.Bool);
    String zero = field.group(3) == null ? "" : field.group(3);
    String width = field.group(4) == null ? "" : field.group(4);
    String precision = field.group(5);
    String type = field.group(6) == null ? "" : field.group(6);
    boolean plain = zero.isEmpty() && width.isEmpty() && precision == null && type.isEmpty();
    if (plain) {
      return "r".equals(field.group(2)) ? PythonText.repr(value) : PythonText.str(value);
    }
    String kind =
        type.isEmpty()
            ? (number ? (precision == null && Operators.isWhole(value) ? "d" : "?") : "s")
            : type;
    if (kind.equals("?")) {
      throw new TemplateFault("the format field " + field.group() + " is not supported");
    }
    // Text is set to the left here, numbers to the right, as in %-style with the flags below.
    String flags = kind.equals("s") ? (width.isEmpty() ? "" : "-") : zero;
    return PercentFormat.format(
        "%" + flags + width + (precision == null ? "" : "." + precision) + kind,
        java.util.List.of(value));
  }
}
