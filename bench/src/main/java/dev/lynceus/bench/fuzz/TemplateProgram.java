package dev.lynceus.bench.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A template made of the language's own words: statements, operators, filters, tests and methods
/// on values of all types, with numbers that are too large and loops that double what they hold.
final class TemplateProgram {
  static final List<String> WORDS =
      List.of(
          "{{",
          "}}",
          "{%",
          "%}",
          "{%-",
          "-%}",
          "{#",
          "#}",
          "'",
          "\"",
          "(",
          ")",
          "[",
          "]",
          "|",
          "~",
          "%",
          "{{ messages }}",
          "{{ messages[-1]['content'] }}",
          "{% for m in messages %}",
          "{% endfor %}",
          "{% if ",
          "{% endif %}",
          "{% set x = x + x %}",
          "{% set x = 'a' * 1000000 %}",
          "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
          "{% raw %}",
          "{% endraw %}",
          "|round(2147483647)",
          "|tojson(indent=2)",
          "|sum(start=[])",
          "|sort",
          "'%-+0 5d' % 1",
          "range(100000)",
          "namespace(x=[1])",
          "raise_exception('no')",
          "'\\U00110000'",
          "not ",
          " is ",
          " in ",
          "1/0",
          "**9",
          ".items()",
          "[::-1]",
          "loop.index",
          "\n",
          "é",
          "\u0000",
          "😀");
  private static final List<String> ATOMS =
      List.of(
          "0",
          "1",
          "-1",
          "2147483647",
          "9223372036854775807",
          "1.5",
          "1e308",
          "1e-320",
          "''",
          "'a'",
          "'é😀'",
          "'%s %d'",
          "'{} {0} {x:5.2f}'",
          "none",
          "true",
          "[]",
          "[1, 'b', none]",
          "(1,)",
          "{}",
          "{'a': 1, 2: 'b'}",
          "messages",
          "messages[0]",
          "messages[-1]['content']",
          "x",
          "y",
          "ns",
          "ns.x",
          "undefined_name",
          "range(5)",
          "range(100000)",
          "'ab' * 1000",
          "'ab' * 8000000",
          "[0] * 1000",
          "[[1, 2], [3]]",
          "loop");
  private static final List<String> BINARY =
      List.of(
          "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in",
          "not in", "and", "or");
  private static final List<String> FILTERS =
      List.of(
          "abs",
          "attr('x')",
          "capitalize",
          "count",
          "default('d')",
          "dictsort",
          "escape",
          "first",
          "float",
          "format(1, 2)",
          "groupby('a')",
          "indent(3)",
          "int",
          "int(base=16)",
          "items",
          "join(',')",
          "last",
          "length",
          "list",
          "lower",
          "map('upper')",
          "map(attribute='a')",
          "max",
          "min",
          "reject('odd')",
          "rejectattr('a')",
          "replace('a', 'bb')",
          "replace('', 'b')",
          "reverse",
          "round",
          "round(2147483647)",
          "round(-2147483648)",
          "round(3, 'floor')",
          "select",
          "selectattr('role', 'equalto', 'user')",
          "sort",
          "sort(reverse=true)",
          "string",
          "sum",
          "sum(start=[])",
          "sum(start='')",
          "title",
          "tojson",
          "tojson(indent=4)",
          "trim",
          "trim('a')",
          "unique",
          "upper",
          "wordcount",
          "batch(2)",
          "xx");
  private static final List<String> METHODS =
      List.of(
          "strip()",
          "split(' ')",
          "split()",
          "split('a', 1)",
          "rsplit('a')",
          "splitlines()",
          "replace('a', 'b')",
          "startswith('a')",
          "title()",
          "join(['a', 'b'])",
          "ljust(5)",
          "rjust(2147483647)",
          "zfill(9)",
          "zfill(16000000)",
          "format(1, x=2)",
          "count('a')",
          "index('a')",
          "find('')",
          "items()",
          "get('a')",
          "keys()",
          "values()",
          "upper()",
          "partition('')",
          "count(1)",
          "index(1)",
          "xx()");
  private static final List<String> TESTS =
      List.of(
          "defined",
          "none",
          "string",
          "odd",
          "even",
          "divisibleby(0)",
          "eq(1)",
          "in([1])",
          "lower",
          "number",
          "iterable",
          "sameas(x)",
          "gt(0)",
          "mapping",
          "xx");

  static final String BEGIN =
      "{% set ns = namespace(x=[1], y='a') %}{% set x = 'ab' %}{% set y = [2, 1] %}";

  private final RandomGenerator random;
  private int depth;

  TemplateProgram(RandomGenerator random) {
    this.random = random;
  }

  /// Statements of a program, each of which can be run alone after [#BEGIN].
  List<String> statements() {
    List<String> statements = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      statements.add(statement());
    }
    return statements;
  }

  private String statement() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> "{{ " + expression() + " }}";
      case 3 -> "{% set x = " + expression() + " %}";
      case 4 ->
          "{% set ns.x = "
              + Fuzz.pick(random, List.of("[ns.x, ns.x]", "ns.x + ns.x", "(ns.x, 1)", expression()))
              + " %}";
      case 5, 6 -> loop();
      case 7 -> "{% if " + expression() + " %}" + body() + "{% else %}" + body() + "{% endif %}";
      case 8 ->
          "{% macro f(n) %}"
              + body()
              + (random.nextBoolean() ? "{{ f(n) }}{{ f(n) }}" : "")
              + "{% endmacro %}{{ f(3) }}";
      default -> "{% filter " + Fuzz.pick(random, FILTERS) + " %}" + body() + "{% endfilter %}";
    };
  }

  private String loop() {
    String over =
        Fuzz.pick(
            random, List.of("range(60)", "range(3)", "range(100000)", "messages", expression()));
    return "{% for y in " + over + " %}" + body() + "{% endfor %}";
  }

  private String body() {
    if (depth > 3) {
      return "{{ y }}";
    }
    depth++;
    List<String> parts = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      parts.add(statement());
    }
    depth--;
    return String.join("", parts);
  }

  private String expression() {
    if (depth > 4) {
      return Fuzz.pick(random, ATOMS);
    }
    depth++;
    String made =
        switch (random.nextInt(9)) {
          case 0, 1 -> Fuzz.pick(random, ATOMS);
          case 2, 3 ->
              "(" + expression() + " " + Fuzz.pick(random, BINARY) + " " + expression() + ")";
          case 4, 5 -> "(" + expression() + ")|" + Fuzz.pick(random, FILTERS);
          case 6 -> "(" + expression() + ")." + Fuzz.pick(random, METHODS);
          case 7 -> "(" + expression() + " is " + Fuzz.pick(random, TESTS) + ")";
          default ->
              Fuzz.pick(
                  random,
                  List.of(
                      "[" + expression() + ", " + expression() + "]",
                      "{" + expression() + ": " + expression() + "}",
                      "(" + expression() + ")[" + expression() + "]",
                      "(" + expression() + ")[:" + expression() + "]",
                      "(" + expression() + " if " + expression() + " else 1)",
                      "'%5d %s %x %.3f' % (" + expression() + ")"));
        };
    depth--;
    return made;
  }
}
