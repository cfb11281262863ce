package dev.lynceus.text.jinja;

import java.util.List;

/// The tokens of a template and a place among them.
final class TokenReader {
  private final List<Token> tokens;
  private int position;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(position);
  }

  Token peekSecond() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  int line() {
    return peek().line();
  }

  Token next() {
    Token token = peek();
    if (position < tokens.size() - 1) {
      position++;
    }
    return token;
  }

  boolean skipOperator(String operator) {
    boolean there = peek().isOperator(operator);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipName(String name) {
    boolean there = peek().isName(name);
    if (there) {
      next();
    }
    return there;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw fault("expected '" + operator + "', found " + peek().shown());
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw fault("expected '" + name + "', found " + peek().shown());
    }
  }

  Token expect(Token.Kind kind, String what) {
    if (peek().kind() != kind) {
      throw fault("expected " + what + ", found " + peek().shown());
    }
    return next();
  }

  TemplateFault fault(String message) {
    return new TemplateFault("line " + line() + ": " + message);
  }
}
