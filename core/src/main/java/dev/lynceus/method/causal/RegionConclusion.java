package dev.lynceus.method.causal;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import java.util.Locale;

/// What hiding a region shows, in sentences that its numbers carry.
public final class RegionConclusion {
  /// Below it chance is not held to be the reason.
  private static final double RARE = .05;

  private RegionConclusion() {}

  /// The conclusion.
  ///
  /// @param word that was measured
  public static String of(RegionEffect.Result found, String word) {
    String name = "\u201c" + word.strip() + "\u201d";
    if (found.brings() < WordChoice.LEAST) {
      return ("With the whole picture hidden %s loses %s, so there is nothing that a region could"
              + " bring.")
          .formatted(name, nats(found.brings()));
    }
    return need(found, name) + " " + enough(found);
  }

  private static String need(RegionEffect.Result found, String name) {
    RegionEffect.Effect effect = found.necessity();
    if (effect.region().value() < WordChoice.LEAST) {
      return "%s does not need the region: hidden, it costs %s%s."
          .formatted(name, nats(effect.region().value()), beside(effect));
    }
    return "%s %s: hidden, it costs %s%s."
        .formatted(
            name,
            verdict(
                found,
                effect,
                "needs the region",
                "loses something without the region, and no less without others of its size",
                "loses something without the region"),
            nats(effect.region().value()),
            beside(effect));
  }

  private static String enough(RegionEffect.Result found) {
    RegionEffect.Effect effect = found.sufficiency();
    double value = effect.region().value();
    return (value < 0
            ? "Alone it takes away %s%s.".formatted(nats(-value), beside(effect))
            : "Alone it brings back %s%s%s."
                .formatted(
                    nats(value),
                    effect.share().isPresent()
                        ? ", %s of what the whole picture does"
                            .formatted(share(effect.share().getAsDouble()))
                        : "",
                    beside(effect)))
        + verdict(
            found,
            effect,
            "",
            effect.region().value() < WordChoice.LEAST
                ? ""
                : " Others of its size bring back as much.",
            found.controls().isEmpty() ? "" : " So few say little of chance.");
  }

  /// By what random regions do.
  ///
  /// @param more where the region does more than these
  /// @param alike where it does not
  /// @param unknown where they are too few to tell
  private static String verdict(
      RegionEffect.Result found,
      RegionEffect.Effect effect,
      String more,
      String alike,
      String unknown) {
    if (1. / (1 + found.controls().size()) > RARE) {
      return unknown;
    }
    return effect.p().orElse(1) <= RARE && effect.above().orElseThrow().low() > 0 ? more : alike;
  }

  private static String beside(RegionEffect.Effect effect) {
    return effect
        .random()
        .map(random ->
            ", random regions %s (p %s)".formatted(nats(random.value()), p(effect.p().orElse(1))))
        .orElse("");
  }

  /// A share, which may be more than all.
  ///
  /// @return for example `98 %` or `450 %`
  public static String share(double share) {
    return share > 1 ? String.format(Locale.ROOT, "%.0f %%", 100 * share) : Spoken.percent(share);
  }

  private static String nats(double value) {
    String text = String.format(Locale.ROOT, "%.2f nats", value);
    return text.equals("-0.00 nats") ? "0.00 nats" : text;
  }

  private static String p(double value) {
    return String.format(Locale.ROOT, "%.2g", value).replaceFirst("(?<=\\d)0+$", "");
  }
}
