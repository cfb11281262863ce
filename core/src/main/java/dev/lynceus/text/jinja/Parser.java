package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parses statements.
final class Parser {
  private static final int MAX_DEPTH = 50;

  private final TokenReader tokens;
  private final ExpressionParser expressions;
  private int depth;

  private Parser(TokenReader tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  static List<Node> parse(String source) {
    Parser parser = new Parser(new TokenReader(Lexer.tokens(source)));
    return parser.nodes();
  }

  /// Reads nodes up to the end, or up to a `{% name` of the given names; the name is left unread.
  private List<Node> nodes(String... ends) {
    if (++depth > MAX_DEPTH) {
      throw tokens.fault("the statements are nested too deeply");
    }
    List<Node> nodes = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case TEXT -> nodes.add(new Node.Text(token.text()));
        case OUTPUT_BEGIN -> {
          nodes.add(new Node.Output(tokens.line(), expressions.tuple()));
          tokens.expect(Token.Kind.OUTPUT_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          Token name = tokens.peek();
          if (name.kind() == Token.Kind.NAME && Arrays.asList(ends).contains(name.text())) {
            depth--;
            return List.copyOf(nodes);
          }
          nodes.add(statement());
        }
        case END -> {
          if (ends.length > 0) {
            throw tokens.fault("the template ends where " + String.join(" or ", ends) + " is due");
          }
          depth--;
          return List.copyOf(nodes);
        }
        case OUTPUT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
            throw tokens.fault("unexpected " + token.shown());
      }
    }
  }

  private void closeTag() {
    tokens.expect(Token.Kind.BLOCK_END, "'%}'");
  }

  /// A body and its end tag.
  private List<Node> body(String end) {
    closeTag();
    List<Node> body = nodes(end);
    tokens.next();
    closeTag();
    return body;
  }

  private Node statement() {
    int line = tokens.line();
    String name = tokens.expect(Token.Kind.NAME, "a tag name").text();
    return switch (name) {
      case "if" -> ifStatement(line);
      case "for" -> forStatement(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "call" -> call(line);
      case "filter" -> {
        List<Node.FilterUse> filters = filters(expressions.operands().filterName(line));
        yield new Node.FilterBlock(line, filters, body("endfilter"));
      }
      case "with" -> with(line);
      case "generation" -> new Node.Generation(body("endgeneration"));
      case "break" -> {
        closeTag();
        yield new Node.Break(line);
      }
      case "continue" -> {
        closeTag();
        yield new Node.Continue(line);
      }
      case "include", "import", "from", "extends", "block", "do", "autoescape" ->
          throw new TemplateFault(
              "line " + line + ": the tag '" + name + "' has no place in a chat template");
      default -> throw new TemplateFault("line " + line + ": unknown tag '" + name + "'");
    };
  }

  private Node ifStatement(int start) {
    List<Node.If.Branch> branches = new ArrayList<>();
    int line = start;
    while (true) {
      Expr condition = expressions.tuple();
      closeTag();
      branches.add(new Node.If.Branch(line, condition, nodes("elif", "else", "endif")));
      line = tokens.line();
      String next = tokens.next().text();
      if (next.equals("elif")) {
        continue;
      }
      List<Node> otherwise = next.equals("else") ? body("endif") : List.of();
      if (next.equals("endif")) {
        closeTag();
      }
      return new Node.If(List.copyOf(branches), otherwise);
    }
  }

  private Node forStatement(int line) {
    Node.Target target = target();
    tokens.expectName("in");
    Expr items = expressions.tupleWithoutCondition();
    Expr condition = tokens.skipName("if") ? expressions.expression() : null;
    if (tokens.peek().isName("recursive")) {
      throw tokens.fault("recursive loops are not supported");
    }
    closeTag();
    List<Node> body = nodes("else", "endfor");
    boolean hasElse = tokens.next().text().equals("else");
    List<Node> otherwise = hasElse ? body("endfor") : List.of();
    if (!hasElse) {
      closeTag();
    }
    return new Node.For(line, target, items, condition, body, otherwise);
  }

  private Node.Target target() {
    Node.Target first = simpleTarget();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Node.Target> targets = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      targets.add(simpleTarget());
    }
    return new Node.Target.Several(List.copyOf(targets));
  }

  private Node.Target simpleTarget() {
    if (tokens.skipOperator("(")) {
      Node.Target inner = target();
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.expect(Token.Kind.NAME, "a variable name").text();
    return tokens.skipOperator(".")
        ? new Node.Target.Member(name, tokens.expect(Token.Kind.NAME, "an attribute name").text())
        : new Node.Target.Variable(name);
  }

  private Node set(int line) {
    Node.Target target = target();
    if (tokens.skipOperator("=")) {
      Expr value = expressions.tuple();
      closeTag();
      return new Node.Assign(line, target, value);
    }
    return new Node.AssignBlock(line, target, filters(null), body("endset"));
  }

  private List<Node.FilterUse> filters(Node.@Nullable FilterUse first) {
    List<Node.FilterUse> filters = new ArrayList<>();
    if (first != null) {
      filters.add(first);
    }
    while (tokens.peek().isOperator("|")) {
      filters.add(expressions.operands().filterUse());
    }
    return List.copyOf(filters);
  }

  private Node macro(int line) {
    String name = tokens.expect(Token.Kind.NAME, "a macro name").text();
    return new Node.Macro(line, name, parameters(), body("endmacro"));
  }

  private List<Node.Parameter> parameters() {
    List<Node.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = tokens.expect(Token.Kind.NAME, "a parameter name").text();
      Expr fallback = tokens.skipOperator("=") ? expressions.expression() : null;
      if (fallback == null && !parameters.isEmpty() && parameters.getLast().fallback() != null) {
        throw tokens.fault("a parameter without a default follows one with a default");
      }
      parameters.add(new Node.Parameter(name, fallback));
    }
    return List.copyOf(parameters);
  }

  private Node call(int line) {
    List<Node.Parameter> parameters = tokens.peek().isOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw new TemplateFault("line " + line + ": {% call %} needs a call");
    }
    return new Node.CallBlock(line, parameters, call, body("endcall"));
  }

  private Node with(int line) {
    List<Node.Assign> assignments = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
      if (!assignments.isEmpty()) {
        tokens.expectOperator(",");
      }
      Node.Target target = simpleTarget();
      tokens.expectOperator("=");
      assignments.add(new Node.Assign(line, target, expressions.expression()));
    }
    return new Node.With(line, List.copyOf(assignments), body("endwith"));
  }
}
