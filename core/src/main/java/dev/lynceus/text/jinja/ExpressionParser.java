package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Parses operators, with the precedence of jinja2: conditional, or, and, not, comparison, sum,
/// `~`, product, power. What stands between operators is read by [OperandParser].
final class ExpressionParser {
  /// Deep enough for any template that a person wrote, shallow enough for the thread's stack.
  private static final int MAX_DEPTH = 100;

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  /// Operators, filters and attributes in one tag; each is a step down when the tree is run.
  private static final int MAX_LINKS = 2000;

  private final TokenReader tokens;
  private int depth;
  private int links;

  private final OperandParser operands;

  ExpressionParser(TokenReader tokens) {
    this.tokens = tokens;
    this.operands = new OperandParser(tokens, this);
  }

  OperandParser operands() {
    return operands;
  }

  /// `a, b` or a single expression, up to the end of the tag.
  Expr tuple() {
    if (depth == 0) {
      links = 0;
    }
    return commaList(expression());
  }

  /// The same without a conditional: what stands after `in` in a loop.
  Expr tupleWithoutCondition() {
    return commaList(or());
  }

  private Expr commaList(Expr first) {
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      if (atEnd()) {
        break;
      }
      items.add(expression());
    }
    return new Expr.TupleOf(List.copyOf(items));
  }

  private boolean atEnd() {
    return switch (tokens.peek().kind()) {
      case OUTPUT_END, BLOCK_END, END -> true;
      case TEXT, OUTPUT_BEGIN, BLOCK_BEGIN, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
          tokens.peek().isOperator(")");
    };
  }

  /// Goes one level deeper; [#leave()] comes back.
  void enter() {
    if (++depth > MAX_DEPTH) {
      throw tokens.fault("the expression is nested too deeply");
    }
  }

  void leave() {
    depth--;
  }

  Expr expression() {
    enter();
    try {
      int line = tokens.line();
      Expr value = or();
      while (tokens.skipName("if")) {
        Expr condition = or();
        Expr otherwise = tokens.skipName("else") ? expression() : null;
        value = new Expr.Conditional(line, condition, value, otherwise);
      }
      return value;
    } finally {
      leave();
    }
  }

  /// Counts one more part of the expression.
  void link() {
    if (++links > MAX_LINKS) {
      throw tokens.fault("the expression has more than " + MAX_LINKS + " parts");
    }
  }

  private Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      link();
      left = new Expr.Or(left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      link();
      left = new Expr.And(left, not());
    }
    return left;
  }

  private Expr not() {
    int negations = 0;
    while (tokens.skipName("not")) {
      negations++;
    }
    Expr operand = comparison();
    if (negations == 0) {
      return operand;
    }
    Expr negated = new Expr.Not(operand);
    return negations % 2 == 1 ? negated : new Expr.Not(negated);
  }

  private Expr comparison() {
    int line = tokens.line();
    Expr first = sum();
    List<Expr.Compare.Comparison> rest = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        rest.add(new Expr.Compare.Comparison(token.text(), sum()));
      } else if (tokens.skipName("in")) {
        rest.add(new Expr.Compare.Comparison("in", sum()));
      } else if (token.isName("not") && tokens.peekSecond().isName("in")) {
        tokens.next();
        tokens.next();
        rest.add(new Expr.Compare.Comparison("not in", sum()));
      } else {
        return rest.isEmpty() ? first : new Expr.Compare(line, first, List.copyOf(rest));
      }
    }
  }

  private Expr sum() {
    Expr left = concat();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      Token operator = tokens.next();
      link();
      left = new Expr.Binary(operator.line(), operator.text(), left, concat());
    }
    return left;
  }

  private Expr concat() {
    Expr first = product();
    if (!tokens.peek().isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(List.copyOf(parts));
  }

  private Expr product() {
    Expr left = power();
    while (tokens.peek().kind() == Token.Kind.OPERATOR
        && Set.of("*", "/", "//", "%").contains(tokens.peek().text())) {
      Token operator = tokens.next();
      link();
      left = new Expr.Binary(operator.line(), operator.text(), left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = operands.operand();
    while (tokens.peek().isOperator("**")) {
      Token operator = tokens.next();
      link();
      left = new Expr.Binary(operator.line(), "**", left, operands.operand());
    }
    return left;
  }
}
