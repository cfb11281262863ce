package dev.lynceus.bench.fuzz;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// All kinds by name. A new kind is one line here.
final class FuzzKinds {
  private static final Map<String, Supplier<FuzzKind>> ALL = all();

  private FuzzKinds() {}

  private static Map<String, Supplier<FuzzKind>> all() {
    Map<String, Supplier<FuzzKind>> kinds = new LinkedHashMap<>();
    kinds.put("tokenizers", TokenizerFuzz::new);
    kinds.put("templates", TemplateFuzz::new);
    kinds.put("checkpoints", CheckpointFuzz::new);
    kinds.put("interventions", InterventionFuzz::new);
    kinds.put("ledgers", LedgerFuzz::new);
    kinds.put("images", ImageFuzz::new);
    kinds.put("options", OptionFuzz::new);
    return kinds;
  }

  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /// @throws LynceusException `BAD_REQUEST` for an unknown name
  static FuzzKind of(String name) {
    if (name.equals(ControlFuzz.NAME)) {
      return new ControlFuzz();
    }
    Supplier<FuzzKind> kind = ALL.get(name);
    if (kind == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no kind '" + name + "'",
          "Give all, or one of " + String.join(", ", names()) + ".");
    }
    return kind.get();
  }
}
