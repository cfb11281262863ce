package dev.lynceus.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static String render(String source) {
    return Template.parse("chat_template.jinja", source).render(Map.of("s", "text"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`a\nb\n{{ s | wrong }}`|line 3|unknown filter 'wrong'",
        "`{# c\nd #}\n{{ s is wrong }}`|line 3|unknown test 'wrong'",
        "`a\n{% wrong %}`|line 2|unknown tag 'wrong'",
        "`a\n{{ wrong.name }}`|line 2|'wrong' is undefined",
        "`{{ 1 }}\n\n{{ wrong() }}`|line 3|'wrong' is undefined",
        "`a\n{{ s.nothing() }}`|line 2|has no attribute 'nothing'",
        "`a\n{{ s }`|line 2|unexpected '}'",
        "`a\n{{ s`|line 2|never closed",
        "`a\n{% if s %}`|line 2|endif",
        "`a\n{% endif %}`|line 2|unknown tag 'endif'",
        "`a\n{{ 'open }}`|line 2|unexpected character",
        "`a\n{% include 'x' %}`|line 2|no place in a chat template",
        "`a\n{% for a in s recursive %}{% endfor %}`|line 2|recursive",
        "`a\n{{ s[1:2:0] }}`|line 2|zero",
        "`a\n{{ s + 1 }}`|line 2|cannot use +",
        "`\n{% macro m(a) %}\n{{ a.b.c }}{% endmacro %}\n{{ m(s) }}`|line 3|has no attribute 'b'",
        "`a\n{% break %}`|line|outside of a loop",
        "`a\n{{ f(*s) }}`|line 2|not supported",
      })
  void errorsNameTheLineAndTheThing(String source, String line, String what) {
    assertThatThrownBy(() -> render(source))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("chat_template.jinja")
        .hasMessageContaining(line)
        .hasMessageContaining(what);
  }

  @ParameterizedTest
  @Timeout(60)
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ 'x' * 99999999999 }}",
        "{{ [1] * 99999999999 }}",
        "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor"
            + " %}",
        "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor"
            + " %}",
        "{% set n = namespace(s='xx') %}{% for i in range(99) %}{% set n.s = n.s | replace('x',"
            + " n.s) %}{% endfor %}",
        "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor"
            + " %}",
        "{{ range(10 ** 12) }}",
        "{{ 9 ** 99999999 }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ 99999999999999999999 }}",
        "{{ 'x'.ljust(99999999999) }}",
        "{{ s.__class__.__bases__ }}",
        "{{ s.getClass().forName('java.lang.Runtime') }}",
        "{{ s.class.name }}",
        "{{ [].append(1) }}",
        "{{ {}.update({'a': 1}) }}",
      })
  void hostileTemplatesStop(String source) {
    assertThatThrownBy(() -> render(source)).isInstanceOf(LynceusException.class);
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflowTheStack() {
    for (String[] pair : new String[][] {{"(", ")"}, {"[", "]"}, {"-", ""}, {"{'a':", "}"}}) {
      String source = "{{ " + pair[0].repeat(20_000) + "1" + pair[1].repeat(20_000) + " }}";
      assertThatThrownBy(() -> render(source)).isInstanceOf(LynceusException.class);
    }
    assertThatThrownBy(() -> render("{% if s %}".repeat(5000) + "{% endif %}".repeat(5000)))
        .isInstanceOf(LynceusException.class);
    assertThatThrownBy(() -> render("{{ s" + ".x".repeat(100_000) + " }}"))
        .isInstanceOf(LynceusException.class);
    assertThatThrownBy(() -> render("{{ 1" + " + 1".repeat(100_000) + " }}"))
        .isInstanceOf(LynceusException.class);
    assertThat(render("{{ 1" + " + 1".repeat(200) + " }}")).isEqualTo("201");
  }
}
