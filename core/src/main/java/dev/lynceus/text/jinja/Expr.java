package dev.lynceus.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An expression of a template.
sealed interface Expr {
  record Constant(Value value) implements Expr {}

  record Name(int line, String name) implements Expr {}

  record ListOf(List<Expr> items) implements Expr {}

  record TupleOf(List<Expr> items) implements Expr {}

  record DictOf(List<Entry> entries) implements Expr {
    record Entry(Expr key, Expr value) {}
  }

  record Attribute(int line, Expr object, String name) implements Expr {}

  record Item(int line, Expr object, Expr index) implements Expr {}

  record Slice(int line, Expr object, @Nullable Expr from, @Nullable Expr to, @Nullable Expr step)
      implements Expr {}

  record Call(int line, Expr function, Inputs inputs) implements Expr {}

  record Filter(int line, Expr input, String name, Inputs inputs) implements Expr {}

  record Test(int line, Expr input, String name, Inputs inputs) implements Expr {}

  record Not(Expr operand) implements Expr {}

  record Sign(int line, String operator, Expr operand) implements Expr {}

  record Binary(int line, String operator, Expr left, Expr right) implements Expr {}

  record Concat(List<Expr> parts) implements Expr {}

  record And(Expr left, Expr right) implements Expr {}

  record Or(Expr left, Expr right) implements Expr {}

  record Compare(int line, Expr first, List<Comparison> rest) implements Expr {
    record Comparison(String operator, Expr right) {}
  }

  record Conditional(int line, Expr condition, Expr then, @Nullable Expr otherwise)
      implements Expr {}

  /// Arguments as written.
  record Inputs(List<Expr> positional, Map<String, Expr> named) {
    static final Inputs NONE = new Inputs(List.of(), Map.of());
  }
}
