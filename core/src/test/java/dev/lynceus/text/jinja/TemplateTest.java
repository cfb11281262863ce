package dev.lynceus.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Map;
import java.util.SplittableRandom;
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

  /// Each would run for days or fill the memory where steps alone are counted.
  @ParameterizedTest
  @Timeout(60)
  @ValueSource(
      strings = {
        "{% macro f(n) %}{% if n>0 %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(58) }}",
        "{% macro f(n=f()) %}{% endmacro %}{{ f() }}",
        "{% set ns=namespace(x=[1],y=[1]) %}{% for i in range(60) %}{% set ns.x=[ns.x,ns.x] %}"
            + "{% set ns.y=[ns.y,ns.y] %}{% endfor %}{{ ns.x==ns.y }}",
        "{% set ns=namespace(x=[1],y=[1]) %}{% for i in range(60) %}{% set ns.x=[ns.x,ns.x] %}"
            + "{% set ns.y=[ns.y,ns.y] %}{% endfor %}{{ ns.x<ns.y }}",
        "{% set ns=namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x=(ns.x,ns.x) %}{% endfor %}"
            + "{{ {ns.x:1}|length }}",
        "{% set ns=namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x=(ns.x,ns.x) %}{% endfor %}"
            + "{{ [ns.x]|unique|length }}",
        "{% set ns=namespace(x=[]) %}{% for i in range(60) %}{% set ns.x=[ns.x,ns.x] %}{% endfor %}"
            + "{{ ns.x }}",
        "{% set ns=namespace(x=[]) %}{% for i in range(60) %}{% set ns.x=[ns.x,ns.x] %}{% endfor %}"
            + "{{ ns.x|tojson }}",
        "{% set l=range(100000)|list %}{% for i in range(100000) %}{% if -1 in l %}{% endif %}"
            + "{% endfor %}",
        "{% set a='a'*16000000 %}{% for i in range(100000) %}{% set x=a|length %}{% endfor %}",
        "{% set a='a'*16000000 %}{% for i in range(100000) %}{% set x=a.upper() %}{% endfor %}",
        "{% set a='a'*16000000 %}{% set f=a.count %}{% for i in range(100000) %}{% set x=f('b') %}"
            + "{% endfor %}",
        "{% set a='a'*16000000 %}{% for i in range(100000) %}{% set x=a[5] %}{% endfor %}",
        "{% set a='a'*8000000 %}{% set b='a'*4000000 %}{% for i in range(100000) %}"
            + "{% if (b~'b') in a %}{% endif %}{% endfor %}",
        "{% set l=range(100000)|list %}{% for i in range(100000) %}"
            + "{% set x=l|sort(reverse=true)|length %}{% endfor %}",
        "{{ ('a '*8000000).split(' ')|length }}",
        "{{ ([[1]]*100000)|sum(start=[])|length }}",
        "{{ (['aaaaaaaaaa']*1000000)|sum(start='')|length }}",
        "{% set ns=namespace(x=[]) %}{% for i in range(100000) %}"
            + "{% set ns.x=ns.x+['a'*16000000] %}{% endfor %}",
        "{{ (['a']*1000000)|join('a'*16000000) }}",
        "{{ ('b'*16000000).join(['a']*1000000) }}",
        "{{ '%s%s%s' % ('a'*9000000, 'a'*9000000, 'a'*9000000) }}",
        "{{ ('{0}'*1000000).format('a'*16000000) }}",
        "{{ 'a'.ljust(2, 'b'*16000000) }}",
        "{{ [1]|tojson(indent='a'*16000000) }}{{ [[1]]|tojson(indent='a'*16000000) }}",
        "{{ 1.5|round(2147483647) }}",
        "{{ 1.5|round(-2147483648) }}",
        "{{ '%-+0 5d' % 1 }}",
        "{{ '%0-5x' % -1 }}",
        "{{ '\\U00110000' }}",
        "{{ '\\Uffffffff' }}",
        "{{ {[1]: 2} }}",
        "{% for a in [1] %}{% set loop.x = 1 %}{% endfor %}",
      })
  void workAndMemoryAreBounded(String source) {
    assertThatThrownBy(() -> render(source))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT));
  }

  /// The control: what templates do with long conversations stays far below the bounds.
  @Test
  void longConversationsAreRendered() {
    String source =
        "{% set ns = namespace(text='') %}{% for i in range(200) %}"
            + "{% set ns.text = ns.text ~ (s | trim | replace('t', 'T')) %}"
            + "{% if 'nothing at all that is there' in ns.text %}!{% endif %}{% endfor %}{{ ns.text }}";
    String text = "some text ".repeat(300);
    assertThat(Template.parse("t", source).render(Map.of("s", text))).hasSize(200 * 2999);
    assertThat(
            Template.parse("t", "{{ s[:5] }}{{ s[-1] }}{{ s|length }}")
                .render(Map.of("s", "x".repeat(3_000_000))))
        .isEqualTo("xxxxxx3000000");
  }

  @Test
  void aLongPartIsFoundWhereTheMachineFindsIt() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2000; i++) {
      StringBuilder made = new StringBuilder();
      for (int n = random.nextInt(120); n >= 0; n--) {
        made.append((char) ('a' + random.nextInt(2)));
      }
      String text = made.toString();
      int from = random.nextInt(text.length());
      int length = Math.min(text.length() - from, 17 + random.nextInt(10));
      String part = random.nextInt(5) == 0 ? "ab".repeat(9) : text.substring(from, from + length);
      assertThat(Search.unpaid(text, part, from)).isEqualTo(text.indexOf(part, from));
      assertThat(Search.last(text, part)).isEqualTo(text.lastIndexOf(part));
      int to = random.nextInt(text.length() + 1);
      assertThat(Search.last(text, part, to)).isEqualTo(text.substring(0, to).lastIndexOf(part));
    }
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
