package dev.lynceus.cli;

import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import java.util.List;
import java.util.stream.Collectors;

/// The page docs/reference/points.md, made from the table of points.
final class PointsPage {
  private static final String INTRODUCTION =
      """
      <!-- Made by `lynceus models taps --markdown`. A test keeps it equal; do not edit. -->
      # Points: what can be seen and changed

      Every activation below can be captured, and those marked *change* can be changed, by name:

      | you write | it means |
      |---|---|
      | `blocks.5.hook_resid_pre` | one layer |
      | `blocks.*.hook_resid_pre` | every layer |
      | `resid_pre`, `pattern`, `vision.z`, `projector.out` | shorthand: the part and the last word, every layer |
      | `model.layers.5.self_attn` | the output of that module in a Hugging Face checkpoint |

      Layers, heads and positions count from 0. `{l}` is the layer. An unknown name fails and names the
      nearest ones; a point that was asked for and did not occur in the run fails too. `lynceus models taps
      MODEL` shows the sizes that the symbols stand for.

      Costs: *free* points are computed anyway, and seeing them costs the memory to keep them. Attention is
      fused: of scores and patterns the *rows asked for* are computed once more. The rest is *computed when
      asked for*.

      Names of modules are read as those of a Llama, or of the family that has them. Gemma 3 has norms behind
      attention and feed-forward network: there `self_attn`, `o_proj`, `mlp` and `down_proj` mean what is added to the
      stream, which is what its `post_attention_layernorm` and `post_feedforward_layernorm` give; what goes into these
      norms is `ln1_post.hook_in` and `ln2_post.hook_in`.
      """;

  private PointsPage() {}

  /// The whole page.
  static String markdown() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (Stack stack : Stack.values()) {
      List<PointRow> rows =
          Point.all().stream()
              .filter(point -> point.stack() == stack)
              .map(PointRow::symbolic)
              .toList();
      page.append("\n## %s: %d points\n\n".formatted(stack.title(), rows.size()));
      page.append("| point | shape | change | cost | what it is | modules of checkpoints |\n");
      page.append("|---|---|---|---|---|---|\n");
      rows.forEach(row -> page.append(line(row)));
    }
    return page.toString();
  }

  private static String line(PointRow row) {
    String aliases =
        row.aliases().stream().map(alias -> "`" + alias + "`").collect(Collectors.joining(", "));
    return "| `%s` | `%s` | %s | %s | %s | %s |\n"
        .formatted(
            row.name(),
            row.shape(),
            row.writable() ? "yes" : "no",
            row.cost(),
            row.meaning(),
            aliases);
  }
}
