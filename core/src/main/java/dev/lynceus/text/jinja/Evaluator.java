package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Computes expressions.
final class Evaluator {
  private final Budget budget;
  private final Filters filters = new Filters();

  Evaluator(Budget budget) {
    this.budget = budget;
  }

  Value value(Expr expression, Scope scope) {
    budget.expression();
    return switch (expression) {
      case Expr.Constant constant -> constant.value();
      case Expr.Name name -> {
        budget.at(name.line());
        Value value = scope.find(name.name());
        yield value == null ? new Value.Undefined("'" + name.name() + "' is undefined") : value;
      }
      case Expr.ListOf list -> new Value.Seq(values(list.items(), scope));
      case Expr.TupleOf tuple -> new Value.Tup(values(tuple.items(), scope));
      case Expr.DictOf dict -> {
        Map<Value, Value> items = new LinkedHashMap<>();
        for (Expr.DictOf.Entry entry : dict.entries()) {
          Value key = value(entry.key(), scope);
          items.put(Operators.key(items, key), value(entry.value(), scope));
        }
        yield new Value.Dict(items);
      }
      case Expr.Attribute attribute -> {
        Value object = value(attribute.object(), scope);
        budget.at(attribute.line());
        yield Access.attribute(object, attribute.name());
      }
      case Expr.Item item -> {
        Value object = value(item.object(), scope);
        Value index = value(item.index(), scope);
        budget.at(item.line());
        yield Access.item(object, index);
      }
      case Expr.Slice slice -> {
        Value object = value(slice.object(), scope);
        Value from = optional(slice.from(), scope);
        Value to = optional(slice.to(), scope);
        Value step = optional(slice.step(), scope);
        budget.at(slice.line());
        yield Access.slice(object, from, to, step);
      }
      case Expr.Call call ->
          call(value(call.function(), scope), call, arguments(call.inputs(), scope));
      case Expr.Filter filter -> filter(value(filter.input(), scope), filter, scope);
      case Expr.Test test -> {
        Value input = value(test.input(), scope);
        Arguments arguments = arguments(test.inputs(), scope);
        budget.at(test.line());
        yield Value.of(filters.tests().test(test.name(), input, arguments));
      }
      case Expr.Not not -> Value.of(!Operators.truthy(value(not.operand(), scope)));
      case Expr.Sign sign -> {
        Value operand = value(sign.operand(), scope);
        budget.at(sign.line());
        if (!Operators.isNumber(operand)) {
          throw new TemplateFault("a number is needed, not " + Operators.article(operand));
        }
        Value zero = operand instanceof Value.Real ? new Value.Real(-0.0) : Value.of(0);
        yield Operators.binary(sign.operator(), zero, operand);
      }
      case Expr.Binary binary -> {
        Value left = value(binary.left(), scope);
        Value right = value(binary.right(), scope);
        budget.at(binary.line());
        yield Operators.binary(binary.operator(), left, right);
      }
      case Expr.Concat concat -> {
        StringBuilder text = new StringBuilder();
        for (Expr part : concat.parts()) {
          text.append(PythonText.str(value(part, scope)));
          Budget.text(text.length());
        }
        yield Value.of(text.toString());
      }
      case Expr.And and -> {
        Value left = value(and.left(), scope);
        yield Operators.truthy(left) ? value(and.right(), scope) : left;
      }
      case Expr.Or or -> {
        Value left = value(or.left(), scope);
        yield Operators.truthy(left) ? left : value(or.right(), scope);
      }
      case Expr.Compare compare -> compare(compare, scope);
      case Expr.Conditional conditional -> conditional(conditional, scope);
    };
  }

  private Value optional(@Nullable Expr expression, Scope scope) {
    return expression == null ? Value.NONE : value(expression, scope);
  }

  private List<Value> values(List<Expr> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(value(expression, scope)));
    return List.copyOf(values);
  }

  Arguments arguments(Expr.Inputs inputs, Scope scope) {
    Map<String, Value> named = new LinkedHashMap<>();
    inputs.named().forEach((name, expression) -> named.put(name, value(expression, scope)));
    return new Arguments(values(inputs.positional(), scope), named);
  }

  Value call(Value function, Expr.Call call, Arguments arguments) {
    budget.at(call.line());
    budget.expression();
    if (function instanceof Value.Function callable) {
      return callable.body().call(arguments);
    }
    if (function instanceof Value.Undefined undefined) {
      throw new TemplateFault(undefined.why());
    }
    throw new TemplateFault(Operators.article(function) + " cannot be called");
  }

  private Value filter(Value input, Expr.Filter filter, Scope scope) {
    Arguments arguments = arguments(filter.inputs(), scope);
    budget.at(filter.line());
    return filters.apply(filter.name(), input, arguments);
  }

  Value filter(Value input, Node.FilterUse use, Scope scope) {
    Arguments arguments = arguments(use.inputs(), scope);
    budget.at(use.line());
    return filters.apply(use.name(), input, arguments);
  }

  private Value compare(Expr.Compare compare, Scope scope) {
    Value left = value(compare.first(), scope);
    for (Expr.Compare.Comparison comparison : compare.rest()) {
      Value right = value(comparison.right(), scope);
      budget.at(compare.line());
      if (!Operators.compare(comparison.operator(), left, right)) {
        return Value.FALSE;
      }
      left = right;
    }
    return Value.TRUE;
  }

  private Value conditional(Expr.Conditional conditional, Scope scope) {
    if (Operators.truthy(value(conditional.condition(), scope))) {
      return value(conditional.then(), scope);
    }
    return conditional.otherwise() == null
        ? new Value.Undefined(
            "the inline if in line "
                + conditional.line()
                + " has no else and its condition is false")
        : value(conditional.otherwise(), scope);
  }
}
