package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses what stands between operators: a sign, a literal or name, its attributes, items and
/// calls, then filters and tests, which bind tighter than any operator.
final class OperandParser {
  private final TokenReader tokens;
  private final ExpressionParser expressions;

  OperandParser(TokenReader tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Expr operand() {
    return filtered(sign());
  }

  private Expr sign() {
    Token token = tokens.peek();
    if (token.isOperator("-") || token.isOperator("+")) {
      tokens.next();
      expressions.enter();
      Expr operand = sign();
      expressions.leave();
      return postfix(new Expr.Sign(token.line(), token.text(), operand));
    }
    return postfix(primary());
  }

  private Expr primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Expr.Constant(Value.TRUE);
            case "false", "False" -> new Expr.Constant(Value.FALSE);
            case "none", "None" -> new Expr.Constant(Value.NONE);
            default -> new Expr.Name(token.line(), token.text());
          };
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (tokens.peek().kind() == Token.Kind.STRING) {
          text.append(tokens.next().text());
        }
        yield new Expr.Constant(Value.of(text.toString()));
      }
      case INTEGER -> new Expr.Constant(Value.of(integer(token)));
      case FLOAT ->
          new Expr.Constant(new Value.Real(Double.parseDouble(token.text().replace("_", ""))));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesised();
            case "[" -> new Expr.ListOf(items("]"));
            case "{" -> dict();
            default -> throw unexpected(token);
          };
      case TEXT, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token);
    };
  }

  private static TemplateFault unexpected(Token token) {
    return new TemplateFault("line " + token.line() + ": unexpected " + token.shown());
  }

  private static long integer(Token token) {
    String digits = token.text().replace("_", "");
    try {
      if (digits.length() > 1 && digits.charAt(0) == '0' && Character.isLetter(digits.charAt(1))) {
        int base =
            switch (Character.toLowerCase(digits.charAt(1))) {
              case 'x' -> 16;
              case 'o' -> 8;
              default -> 2;
            };
        return Long.parseLong(digits.substring(2), base);
      }
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new TemplateFault("line " + token.line() + ": the number " + digits + " is too large");
    }
  }

  private Expr parenthesised() {
    if (tokens.skipOperator(")")) {
      return new Expr.TupleOf(List.of());
    }
    Expr value = expressions.tuple();
    tokens.expectOperator(")");
    return value;
  }

  private List<Expr> items(String close) {
    List<Expr> items = new ArrayList<>();
    while (!tokens.skipOperator(close)) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(close)) {
          break;
        }
      }
      items.add(expressions.expression());
    }
    return List.copyOf(items);
  }

  private Expr dict() {
    List<Expr.DictOf.Entry> entries = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      if (!entries.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator("}")) {
          break;
        }
      }
      Expr key = expressions.expression();
      tokens.expectOperator(":");
      entries.add(new Expr.DictOf.Entry(key, expressions.expression()));
    }
    return new Expr.DictOf(List.copyOf(entries));
  }

  private Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      expressions.link();
      Token token = tokens.peek();
      if (tokens.skipOperator(".")) {
        Token name = tokens.next();
        value =
            switch (name.kind()) {
              case NAME -> new Expr.Attribute(name.line(), value, name.text());
              case INTEGER ->
                  new Expr.Item(name.line(), value, new Expr.Constant(Value.of(integer(name))));
              case TEXT,
                  OUTPUT_BEGIN,
                  OUTPUT_END,
                  BLOCK_BEGIN,
                  BLOCK_END,
                  STRING,
                  FLOAT,
                  OPERATOR,
                  END ->
                  throw unexpected(name);
            };
      } else if (tokens.skipOperator("[")) {
        value = subscript(token.line(), value);
      } else if (token.isOperator("(")) {
        value = new Expr.Call(token.line(), value, inputs());
      } else {
        return value;
      }
    }
  }

  private Expr subscript(int line, Expr object) {
    Expr from = null;
    if (!tokens.peek().isOperator(":")) {
      from = expressions.expression();
      if (tokens.skipOperator("]")) {
        return new Expr.Item(line, object, from);
      }
    }
    tokens.expectOperator(":");
    Expr to = sliceBound();
    Expr step = tokens.skipOperator(":") ? sliceBound() : null;
    tokens.expectOperator("]");
    return new Expr.Slice(line, object, from, to, step);
  }

  private @Nullable Expr sliceBound() {
    return tokens.peek().isOperator(":") || tokens.peek().isOperator("]")
        ? null
        : expressions.expression();
  }

  private Expr filtered(Expr start) {
    Expr value = start;
    while (true) {
      expressions.link();
      Token token = tokens.peek();
      if (token.isOperator("|")) {
        Node.FilterUse use = filterUse();
        value = new Expr.Filter(use.line(), value, use.name(), use.inputs());
      } else if (token.isName("is")) {
        value = test(value);
      } else if (token.isOperator("(")) {
        value = new Expr.Call(token.line(), value, inputs());
      } else {
        return value;
      }
    }
  }

  /// `| name(arguments)`.
  Node.FilterUse filterUse() {
    int line = tokens.line();
    tokens.expectOperator("|");
    return filterName(line);
  }

  Node.FilterUse filterName(int line) {
    String name = dottedName("a filter");
    return new Node.FilterUse(
        line, name, tokens.peek().isOperator("(") ? inputs() : Expr.Inputs.NONE);
  }

  private String dottedName(String what) {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME, what).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME, what).text());
    }
    return name.toString();
  }

  private Expr test(Expr input) {
    int line = tokens.line();
    tokens.expectName("is");
    boolean negated = tokens.skipName("not");
    String name = dottedName("a test");
    Expr.Inputs inputs = Expr.Inputs.NONE;
    if (tokens.peek().isOperator("(")) {
      inputs = inputs();
    } else if (startsArgument(tokens.peek())) {
      inputs = new Expr.Inputs(List.of(postfix(primary())), Map.of());
    }
    Expr test = new Expr.Test(line, input, name, inputs);
    return negated ? new Expr.Not(test) : test;
  }

  private static boolean startsArgument(Token token) {
    return switch (token.kind()) {
      // jinja2 takes any other name as the argument of the test; "if" can only be a conditional
      // here.
      case NAME -> !Set.of("else", "or", "and", "if", "is").contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      case TEXT, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
    };
  }

  private Expr.Inputs inputs() {
    tokens.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    Map<String, Expr> named = new LinkedHashMap<>();
    boolean first = true;
    while (!tokens.skipOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(")")) {
          break;
        }
      }
      first = false;
      if (tokens.peek().isOperator("*") || tokens.peek().isOperator("**")) {
        throw tokens.fault("arguments unpacked with * are not supported");
      }
      if (tokens.peek().kind() == Token.Kind.NAME && tokens.peekSecond().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        named.put(name, expressions.expression());
      } else if (named.isEmpty()) {
        positional.add(expressions.expression());
      } else {
        throw tokens.fault("a positional argument follows a named one");
      }
    }
    return new Expr.Inputs(List.copyOf(positional), java.util.Collections.unmodifiableMap(named));
  }
}
