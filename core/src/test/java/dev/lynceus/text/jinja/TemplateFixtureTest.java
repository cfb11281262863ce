package dev.lynceus.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/// Every output was made by jinja2, set up as transformers sets it up.
class TemplateFixtureTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-07-04T09:05:03Z"), ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> conversations() throws IOException {
    Map<?, ?> file = fixture("templates.json");
    Map<?, ?> templates = map(file.get("templates"));
    Map<?, ?> variables = map(file.get("variables"));
    assertThat(templates).hasSizeGreaterThan(25);
    List<DynamicTest> tests = new ArrayList<>();
    for (Object item : list(file.get("cases"))) {
      Map<?, ?> c = map(item);
      String source = (String) Objects.requireNonNull(templates.get(c.get("template")));
      Map<?, ?> given = map(variables.get(c.get("case")));
      tests.add(
          DynamicTest.dynamicTest(
              c.get("template") + " " + c.get("case"), () -> check(source, given, c)));
    }
    assertThat(tests).hasSizeGreaterThan(240);
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> expressions() throws IOException {
    Map<?, ?> file = fixture("expressions.json");
    Map<?, ?> given = map(file.get("variables"));
    return list(file.get("cases")).stream()
        .map(TemplateFixtureTest::map)
        .map(c ->
            DynamicTest.dynamicTest(
                (String) c.get("source"), () -> check((String) c.get("source"), given, c)));
  }

  @SuppressWarnings("unchecked")
  private static void check(String source, Map<?, ?> given, Map<?, ?> c) {
    Object error = c.get("error");
    if (error == null) {
      String text = Template.parse("t", source).render((Map<String, Object>) given, CLOCK);
      assertThat(text).isEqualTo(c.get("expected"));
    } else {
      ErrorCode code =
          error.toString().startsWith("TemplateError")
              ? ErrorCode.BAD_REQUEST
              : ErrorCode.BAD_CHECKPOINT;
      assertThatThrownBy(
              () -> Template.parse("t", source).render((Map<String, Object>) given, CLOCK))
          .as("%s", error)
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
  }

  private static Map<?, ?> fixture(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TemplateFixtureTest.class.getResourceAsStream(name))) {
      return JsonMapper.shared().readValue(in, Map.class);
    }
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static List<?> list(Object value) {
    return (List<?>) value;
  }
}
