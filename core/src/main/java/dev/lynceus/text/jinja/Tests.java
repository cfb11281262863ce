package dev.lynceus.text.jinja;

import java.util.Locale;

/// The tests of `is`.
final class Tests {
  // `sameas` asks whether two are one.
  @SuppressWarnings("ReferenceEquality")
  boolean test(String name, Value value, Arguments args) {
    Budget.work(5);
    return switch (name) {
      case "defined" -> !(value instanceof Value.Undefined);
      case "undefined" -> value instanceof Value.Undefined;
      case "none" -> value instanceof Value.Nil;
      case "string" -> value instanceof Value.Str;
      case "mapping" -> value instanceof Value.Dict;
      case "boolean" -> value instanceof Value.Bool;
      case "true" -> value.equals(Value.TRUE);
      case "false" -> value.equals(Value.FALSE);
      case "integer" -> value instanceof Value.Int;
      case "float" -> value instanceof Value.Real;
      case "number" -> Operators.isNumber(value);
      case "iterable", "sequence" ->
          switch (value) {
            case Value.Str _, Value.Seq _, Value.Tup _, Value.Dict _, Value.Undefined _ -> true;
            case Value.Nil _,
                Value.Bool _,
                Value.Int _,
                Value.Real _,
                Value.Namespace _,
                Value.Function _ ->
                false;
          };
      case "callable" -> value instanceof Value.Function;
      case "odd" -> Math.floorMod(Operators.whole(value), 2L) == 1;
      case "even" -> Math.floorMod(Operators.whole(value), 2L) == 0;
      case "divisibleby" -> {
        long by = Operators.whole(args.require(0, "num"));
        if (by == 0) {
          throw new TemplateFault("divisibleby zero");
        }
        yield Operators.whole(value) % by == 0;
      }
      case "eq", "equalto", "==" -> Operators.equal(value, args.require(0, "other"));
      case "ne", "!=" -> !Operators.equal(value, args.require(0, "other"));
      case "lt", "lessthan", "<" -> Operators.order(value, args.require(0, "other")) < 0;
      case "le", "<=" -> Operators.order(value, args.require(0, "other")) <= 0;
      case "gt", "greaterthan", ">" -> Operators.order(value, args.require(0, "other")) > 0;
      case "ge", ">=" -> Operators.order(value, args.require(0, "other")) >= 0;
      case "in" -> Operators.contains(args.require(0, "seq"), value);
      case "sameas" -> {
        Value other = args.require(0, "other");
        yield value == other
            || Operators.equal(value, other) && value.getClass() == other.getClass();
      }
      case "lower" -> cased(value) && lower(value).equals(PythonText.str(value));
      case "upper" ->
          cased(value)
              && PythonText.str(value).toUpperCase(Locale.ROOT).equals(PythonText.str(value));
      default -> throw new TemplateFault("unknown test '" + name + "'");
    };
  }

  private static String lower(Value value) {
    return PythonText.str(value).toLowerCase(Locale.ROOT);
  }

  private static boolean cased(Value value) {
    Budget.work(4 * Operators.size(value));
    return PythonText.str(value)
        .codePoints()
        .anyMatch(c -> Character.isLowerCase(c) || Character.isUpperCase(c));
  }
}
