package dev.lynceus.cli;

import dev.lynceus.run.Budgets;
import java.util.Locale;

/// What `models show` tells, on a screen.
final class ModelText {
  private ModelText() {}

  /// The facts as lines.
  static String of(ModelFacts facts) {
    ModelFacts.Decoder decoder = facts.decoder();
    ModelFacts.Reader reader = facts.reader();
    ModelFacts.Painter painter = facts.painter();
    ModelFacts.Tower tower = facts.tower();
    ModelFacts.Memory memory = facts.memory();
    TextTable table = new TextTable();
    table.row("model", facts.model());
    table.row("folder", facts.folder());
    table.row("family", facts.family());
    table.row("revision", facts.revision());
    table.row(
        "weights",
        "%s parameters, %s, %s"
            .formatted(count(facts.parameters()), facts.weights(), Budgets.human(facts.bytes())));
    table.row("layout", facts.layout());
    if (decoder != null) {
      table.row(
          "decoder",
          "%s: %d layers, %d heads%s of %d, width %d, %d neurons a layer"
              .formatted(
                  decoder.family(),
                  decoder.layers(),
                  decoder.heads(),
                  decoder.keyHeads() == decoder.heads()
                      ? ""
                      : " over %d key heads".formatted(decoder.keyHeads()),
                  decoder.headWidth(),
                  decoder.width(),
                  decoder.inner()));
      table.row(
          "",
          "vocabulary %d, up to %d positions%s"
              .formatted(
                  decoder.vocabulary(),
                  decoder.maxPositions(),
                  decoder.window() == null ? "" : ", sliding window " + decoder.window()));
    }
    if (reader != null) {
      table.row(
          reader.kind(),
          "%s%d layers, %d heads, width %d, %d neurons a layer"
              .formatted(
                  reader.queries() == 0 ? "" : reader.queries() + " queries, ",
                  reader.layers(),
                  reader.heads(),
                  reader.width(),
                  reader.inner()));
      table.row(
          "",
          "vocabulary %d, up to %d positions%s"
              .formatted(
                  reader.vocabulary(),
                  reader.maxPositions(),
                  reader.shared() == 0
                      ? ""
                      : "; vectors of %d numbers".formatted(reader.shared())));
    }
    if (painter != null) {
      table.row(
          "pixel decoder",
          "%d layers, %d heads, width %d, %d neurons a layer"
              .formatted(painter.layers(), painter.heads(), painter.width(), painter.inner()));
      table.row(
          "",
          String.format(
              Locale.ROOT,
              "%.0f %% of the patches are removed%s",
              100 * painter.ratio(),
              painter.normalised() ? "; mean and spread of each are taken out" : ""));
    }
    if (tower != null) {
      table.row(
          "tower",
          "%s: %d layers, %d heads, width %d, %d neurons a layer"
              .formatted(
                  tower.family(), tower.layers(), tower.heads(), tower.width(), tower.inner()));
      table.row(
          "",
          tower.imageSize() == null
              ? "pictures of any size in patches of %d pixels".formatted(tower.patchSize())
              : "pictures of %d x %d in patches of %d: %d %s"
                  .formatted(
                      tower.imageSize(),
                      tower.imageSize(),
                      tower.patchSize(),
                      tower.patches(),
                      decoder == null || facts.family().equals("blip")
                          ? "of them"
                          : facts.family().matches("(vip)?llava")
                              ? "visual tokens"
                              : "visual tokens a view"));
    }
    table.row(
        "pictures",
        facts.processor() == null ? "none: this model takes text only" : facts.processor());
    if (decoder == null) {
      table.row(
          "for",
          reader != null
              ? "matching: `lynceus match` scores texts beside pictures"
              : "pixels: `lynceus reconstruct` lets it make what it does not see");
      table.row("memory", Budgets.human(memory.weights()) + " of weights, mapped from the files");
      facts.warnings().forEach(warning -> table.row("note", warning));
      return table.toString();
    }
    table.row("template", facts.template());
    table.row(
        "memory",
        "%s of weights, mapped from the files; keys and values take %s a position, %s at most"
            .formatted(
                Budgets.human(memory.weights()),
                Budgets.human(memory.perPosition()),
                Budgets.human(memory.largestPrompt())));
    facts.warnings().forEach(warning -> table.row("note", warning));
    return table.toString();
  }

  private static String count(long parameters) {
    if (parameters >= 1_000_000_000) {
      return String.format(Locale.ROOT, "%.2f billion", parameters / 1e9);
    }
    return String.format(Locale.ROOT, "%.2f million", parameters / 1e6);
  }
}
