package dev.lynceus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The rows of docs/errors.md about the commands that change a model while it runs.
final class CausalErrors {
  private CausalErrors() {}

  static void add(Map<String, ErrorsTest.Case> cases) {
    cases.put(
        "a slope is asked for where there is none", f -> quiet("attribute", "--metric=divergence"));
    cases.put("every neuron shall be patched", f -> quiet("trace", "--site=neuron"));
    cases.put(
        "the replaced word has another number of tokens",
        f -> quiet("trace", "--replace=car=umbrellas"));
    cases.put(
        "the replaced word is not in the question", f -> quiet("trace", "--replace=truck=car"));
    cases.put("a replacement has one word", f -> quiet("trace", "--replace=truck"));
    cases.put("a head shall be severed", f -> quiet("trace", "--site=head", "--sever=attention"));
    cases.put(
        "squares and superpixels are hidden at once",
        f -> quiet("occlude", "--group=2", "--superpixels=9"));
    cases.put("tokens shall be inpainted", f -> quiet("occlude", "--fill=inpaint"));
    cases.put(
        "a mask shows nothing",
        f -> quiet("occlude", "--mask=" + Fixtures.png(f.resolve("m.png"), 9, 9)));
    cases.put("a receiver does not exist", f -> quiet("paths", "--receiver=9.0"));
    cases.put("neurons are compared with nothing", f -> quiet("neurons"));
    cases.put(
        "a word and a whole answer are measured",
        f -> quiet("ablate", "--whole", "--target=brown"));
    cases.put("the answer to measure is empty", f -> quiet("ablate", "--answer= "));
    cases.put("a query shall be silenced", f -> quiet("ablate", "--site=query"));
  }

  /// A command without progress, so that nothing but the error is on stderr.
  static String[] quiet(String command, String... more) {
    List<String> line = new ArrayList<>(List.of(command, "--quiet"));
    line.addAll(List.of(more));
    line.addAll(List.of(Fixtures.PICTURE, Fixtures.QUESTION));
    return line.toArray(String[]::new);
  }
}
