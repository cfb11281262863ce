package dev.lynceus.studio;

import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Question;
import dev.lynceus.request.Request;
import dev.lynceus.request.Requests;
import dev.lynceus.request.ResultJson;
import dev.lynceus.request.Running;
import dev.lynceus.run.LoadedModel;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.io.JsonStringEncoder;

/// The Java that asks what a request asks: a class that runs with Lynceus on its class path.
///
/// @param pictures the name of a picture as its user knows it, by its sum
/// @param models how a model is named outside of the studio
public record JavaCode(Function<String, String> pictures, Function<String, String> models) {
  private static final String NAME = "Asked";

  /// The class that asks a request; its method `request` makes the request itself.
  public String of(Request<?> request) {
    return new Writer(pictures, models).whole(request);
  }

  /// Expressions, and what they need to be imported.
  private static final class Writer {
    private final Function<String, String> pictures;
    private final Function<String, String> models;
    private final TreeSet<String> imports = new TreeSet<>();

    Writer(Function<String, String> pictures, Function<String, String> models) {
      this.pictures = pictures;
      this.models = models;
    }

    String whole(Request<?> request) {
      String type = name(request.getClass());
      String made = made(request, type);
      List.of(LoadedModel.class, Pictures.class, ResultJson.class, Running.class)
          .forEach(this::name);
      // Only its name: whoever runs a task here is a job.
      imports.add(ResultJson.class.getPackageName() + ".Task");
      String body =
          """
          /** Asks what was asked in the studio, and prints the result as JSON. */
          public class %1$s {
            public static void main(String[] args) {
              %2$s request = request();
              try (LoadedModel model = request.model().load()) {
                System.out.println(
                    ResultJson.write(Task.of(model, request, Pictures.files()).run(Running.QUIET)));
              }
            }

            static %2$s request() {
          %3$s  }
          }
          """
              .formatted(NAME, type, made);
      return imports.stream().map(one -> "import " + one + ";\n").collect(Collectors.joining())
          + "\n"
          + body;
    }

    /// The lines that make a request: its defaults, and what differs from them; or all of it, where
    /// something has no default.
    private String made(Request<?> request, String type) {
      String question = name(Question.class);
      StringBuilder lines = new StringBuilder();
      lines.append("    %s question = %s;\n".formatted(question, question(request.question())));
      Optional<Request<?>> usual = usual(request);
      if (usual.isEmpty()) {
        List<String> parts = new ArrayList<>();
        for (RecordComponent component : request.getClass().getRecordComponents()) {
          parts.add(
              component.getName().equals("question")
                  ? "question"
                  : component.getName().equals("model")
                      ? model(request.model())
                      : expression(of(request, component)));
        }
        return lines
            .append(
                "    return new %s(\n        %s);\n"
                    .formatted(type, String.join(",\n        ", parts)))
            .toString();
      }
      name(Requests.class);
      lines.append("    %s request = Requests.of(%s.class, question);\n".formatted(type, type));
      for (RecordComponent component : request.getClass().getRecordComponents()) {
        Object value = of(request, component);
        if (!component.getName().equals("question") && !value.equals(of(usual.get(), component))) {
          lines.append(
              "    request = Requests.with(request, \"%s\", %s);\n"
                  .formatted(
                      component.getName(),
                      value instanceof ModelSpec spec ? model(spec) : expression(value)));
        }
      }
      return lines.append("    return request;\n").toString();
    }

    /// A request of the kind with all at its default; empty where something has none.
    private static Optional<Request<?>> usual(Request<?> request) {
      try {
        @SuppressWarnings("unchecked") // the class of a request
        Class<Request<?>> type = (Class<Request<?>>) request.getClass();
        return Optional.of(Requests.of(type, request.question()));
      } catch (dev.lynceus.error.LynceusException none) {
        return Optional.empty();
      }
    }

    private String model(ModelSpec spec) {
      String called = models.apply(spec.name());
      return spec.equals(ModelSpec.named(spec.name()))
          ? name(ModelSpec.class) + ".named(" + text(called) + ")"
          : expression(new ModelSpec(called, spec.dtype(), spec.choice(), spec.reach()));
    }

    private String question(Question question) {
      List<PictureRef> shown = question.pictures().stream().map(this::file).toList();
      boolean files = shown.stream().allMatch(PictureRef.File.class::isInstance);
      Question plain =
          Question.about(
              question.text(),
              shown.stream()
                  .map(ref -> ref instanceof PictureRef.File(String path) ? path : "")
                  .toArray(String[]::new));
      Question named =
          new Question(
              shown,
              question.video().stream().map(this::file).toList(),
              question.text(),
              question.form(),
              question.start(),
              question.passage(),
              question.before());
      if (!files || !plain.start(question.start()).equals(named)) {
        return expression(named);
      }
      String about =
          name(Question.class)
              + ".about("
              + text(question.text())
              + shown.stream()
                  .map(ref -> ", " + text(((PictureRef.File) ref).path()))
                  .collect(Collectors.joining())
              + ")";
      return question.start().isEmpty() ? about : about + ".start(" + text(question.start()) + ")";
    }

    private PictureRef file(PictureRef ref) {
      return ref instanceof PictureRef.Stored(String sum)
          ? new PictureRef.File(pictures.apply(sum))
          : ref;
    }

    private String expression(Object value) {
      return switch (value) {
        case String text -> text(text);
        case Long number -> number + "L";
        case Number number -> number.toString();
        case Boolean truth -> truth.toString();
        case Enum<?> constant -> name(constant.getDeclaringClass()) + "." + constant.name();
        case Optional<?> some ->
            name(Optional.class)
                + some.map(one -> ".of(" + expression(one) + ")").orElse(".empty()");
        case OptionalInt some ->
            name(OptionalInt.class)
                + (some.isPresent() ? ".of(" + some.getAsInt() + ")" : ".empty()");
        case OptionalDouble some ->
            name(OptionalDouble.class)
                + (some.isPresent() ? ".of(" + some.getAsDouble() + ")" : ".empty()");
        case List<?> list ->
            name(List.class)
                + ".of("
                + list.stream().map(this::expression).collect(Collectors.joining(", "))
                + ")";
        case PictureRef.Stored stored -> expression(file(stored));
        case Record record ->
            "new "
                + name(record.getClass())
                + "("
                + Arrays.stream(record.getClass().getRecordComponents())
                    .map(component -> expression(of(record, component)))
                    .collect(Collectors.joining(", "))
                + ")";
        default -> throw new IllegalStateException("no code for " + value.getClass());
      };
    }

    /// A class as the code calls it; the outermost one is imported.
    private String name(Class<?> type) {
      Class<?> outer = type;
      while (outer.getEnclosingClass() != null) {
        outer = outer.getEnclosingClass();
      }
      imports.add(outer.getName());
      return type.getName().substring(outer.getPackageName().length() + 1).replace('$', '.');
    }

    private static String text(String text) {
      return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    private static Object of(Object record, RecordComponent component) {
      try {
        component.getAccessor().setAccessible(true);
        return component.getAccessor().invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
