package dev.lynceus.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement of a template.
sealed interface Node {
  record Text(String text) implements Node {}

  record Output(int line, Expr value) implements Node {}

  record If(List<Branch> branches, List<Node> otherwise) implements Node {
    record Branch(int line, Expr condition, List<Node> body) {}
  }

  record For(
      int line,
      Target target,
      Expr items,
      @Nullable Expr condition,
      List<Node> body,
      List<Node> otherwise)
      implements Node {}

  record Assign(int line, Target target, Expr value) implements Node {}

  record AssignBlock(int line, Target target, List<FilterUse> filters, List<Node> body)
      implements Node {}

  record Macro(int line, String name, List<Parameter> parameters, List<Node> body)
      implements Node {}

  record CallBlock(int line, List<Parameter> parameters, Expr.Call call, List<Node> body)
      implements Node {}

  record FilterBlock(int line, List<FilterUse> filters, List<Node> body) implements Node {}

  record With(int line, List<Assign> assignments, List<Node> body) implements Node {}

  /// `{% generation %}`: marks what an assistant wrote; prints its body in a scope of its own.
  record Generation(List<Node> body) implements Node {}

  record Break(int line) implements Node {}

  record Continue(int line) implements Node {}

  /// A filter that is applied to a block.
  record FilterUse(int line, String name, Expr.Inputs inputs) {}

  /// A parameter of a macro.
  record Parameter(String name, @Nullable Expr fallback) {}

  /// What is assigned to.
  sealed interface Target {
    record Variable(String name) implements Target {}

    record Several(List<Target> targets) implements Target {}

    record Member(String namespace, String attribute) implements Target {}
  }
}
