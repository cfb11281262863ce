package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs statements and collects what they print.
final class Interpreter {
  private final Budget budget;
  private final Evaluator evaluator;

  Interpreter(Budget budget) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget);
  }

  /// How a body ended.
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  String render(List<Node> nodes, Scope scope) {
    StringBuilder out = new StringBuilder();
    if (run(nodes, scope, out) != Flow.NEXT) {
      throw new TemplateFault("break or continue outside of a loop");
    }
    return out.toString();
  }

  private Flow run(List<Node> nodes, Scope scope, StringBuilder out) {
    for (Node node : nodes) {
      Flow flow = run(node, scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Node node, Scope scope, StringBuilder out) {
    budget.expression();
    switch (node) {
      case Node.Text text -> print(text.text(), out);
      case Node.Output output -> {
        budget.at(output.line());
        print(PythonText.str(evaluator.value(output.value(), scope)), out);
      }
      case Node.If choice -> {
        for (Node.If.Branch branch : choice.branches()) {
          budget.at(branch.line());
          if (Operators.truthy(evaluator.value(branch.condition(), scope))) {
            return run(branch.body(), scope, out);
          }
        }
        return run(choice.otherwise(), scope, out);
      }
      case Node.For loop -> {
        return loop(loop, scope, out);
      }
      case Node.Assign assign -> {
        budget.at(assign.line());
        assign(assign.target(), evaluator.value(assign.value(), scope), scope);
      }
      case Node.AssignBlock assign -> {
        Value text = Value.of(render(assign.body(), new Scope(scope)));
        assign(assign.target(), filtered(text, assign.filters(), scope), scope);
      }
      case Node.Macro macro ->
          scope.set(macro.name(), macro(macro.name(), macro.parameters(), macro.body(), scope));
      case Node.CallBlock block -> callBlock(block, scope, out);
      case Node.FilterBlock block -> {
        Value text = Value.of(render(block.body(), new Scope(scope)));
        print(PythonText.str(filtered(text, block.filters(), scope)), out);
      }
      case Node.With with -> {
        Scope inner = new Scope(scope);
        for (Node.Assign assign : with.assignments()) {
          assign(assign.target(), evaluator.value(assign.value(), scope), inner);
        }
        return run(with.body(), inner, out);
      }
      case Node.Generation generation -> print(render(generation.body(), new Scope(scope)), out);
      case Node.Break _ -> {
        return Flow.BREAK;
      }
      case Node.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private static void print(String text, StringBuilder out) {
    Budget.text((long) out.length() + text.length());
    Budget.made(text.length(), text.length());
    out.append(text);
  }

  private Value filtered(Value text, List<Node.FilterUse> filters, Scope scope) {
    Value value = text;
    for (Node.FilterUse use : filters) {
      value = evaluator.filter(value, use, scope);
    }
    return value;
  }

  private Flow loop(Node.For loop, Scope scope, StringBuilder out) {
    budget.at(loop.line());
    List<Value> items = Access.elements(evaluator.value(loop.items(), scope));
    if (loop.condition() != null) {
      List<Value> chosen = new ArrayList<>();
      for (Value item : items) {
        budget.step();
        Scope inner = new Scope(scope);
        assign(loop.target(), item, inner);
        if (Operators.truthy(evaluator.value(loop.condition(), inner))) {
          chosen.add(item);
        }
      }
      items = chosen;
    }
    if (items.isEmpty()) {
      return run(loop.otherwise(), new Scope(scope), out);
    }
    LoopState state = new LoopState(items);
    for (int i = 0; i < items.size(); i++) {
      budget.step();
      Scope inner = new Scope(scope);
      inner.set("loop", state.at(i));
      assign(loop.target(), items.get(i), inner);
      if (run(loop.body(), inner, out) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }

  private static void assign(Node.Target target, Value value, Scope scope) {
    switch (target) {
      case Node.Target.Variable variable -> scope.set(variable.name(), value);
      case Node.Target.Several several -> {
        List<Value> items = Access.elements(value);
        if (items.size() != several.targets().size()) {
          throw new TemplateFault(
              "cannot unpack "
                  + items.size()
                  + " values into "
                  + several.targets().size()
                  + " names");
        }
        for (int i = 0; i < items.size(); i++) {
          assign(several.targets().get(i), items.get(i), scope);
        }
      }
      case Node.Target.Member member -> {
        if (!(scope.find(member.namespace()) instanceof Value.Namespace namespace)
            || namespace.attributes instanceof LoopState.Place) {
          throw new TemplateFault(
              "only attributes of a namespace can be set, not " + member.namespace());
        }
        namespace.attributes.put(member.attribute(), value);
      }
    }
  }

  private Value.Function macro(
      String name, List<Node.Parameter> parameters, List<Node> body, Scope outer) {
    return new Value.Function(
        name, arguments -> Value.of(callMacro(name, parameters, body, outer, arguments)));
  }

  private String callMacro(
      String name,
      List<Node.Parameter> parameters,
      List<Node> body,
      Scope outer,
      Arguments arguments) {
    // What a parameter falls back to may call the macro again.
    budget.enter();
    String[] names = parameters.stream().map(Node.Parameter::name).toArray(String[]::new);
    Map<String, Value> named = new java.util.LinkedHashMap<>(arguments.named());
    Value caller = named.remove("caller");
    Arguments given =
        new Arguments(arguments.positional(), named).allow("macro " + name, names.length, names);
    Scope scope = new Scope(outer);
    if (caller != null) {
      scope.set("caller", caller);
    }
    for (int i = 0; i < names.length; i++) {
      Value value = given.find(i, names[i]);
      Expr fallback = parameters.get(i).fallback();
      if (value == null) {
        value =
            fallback == null
                ? new Value.Undefined("parameter '" + names[i] + "' was not provided")
                : evaluator.value(fallback, scope);
      }
      scope.set(names[i], value);
    }
    int line = budget.line();
    String text = render(body, scope);
    budget.leave();
    budget.at(line);
    return text;
  }

  private void callBlock(Node.CallBlock block, Scope scope, StringBuilder out) {
    Value.Function caller = macro("caller", block.parameters(), block.body(), scope);
    Arguments given = evaluator.arguments(block.call().inputs(), scope);
    Map<String, Value> named = new java.util.LinkedHashMap<>(given.named());
    named.put("caller", caller);
    Value function = evaluator.value(block.call().function(), scope);
    Value result = evaluator.call(function, block.call(), new Arguments(given.positional(), named));
    print(PythonText.str(result), out);
  }
}
