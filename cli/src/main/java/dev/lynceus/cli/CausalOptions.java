package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.request.Measure;
import dev.lynceus.run.Limits;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is measured of changed runs, and how many of them run at once.
final class CausalOptions {
  @Mixin WordOptions word = new WordOptions();

  @Option(
      names = "--answer",
      paramLabel = "TEXT",
      description = "Measure a whole answer: the sum over its tokens, each after those before it.")
  @Nullable String answer;

  @Option(names = "--whole", description = "Measure the whole of the model's own answer.")
  boolean whole;

  @Option(
      names = "--against",
      paramLabel = "WORD",
      description = {
        "The other word of the logit difference. Default: the most probable one beside the target."
      })
  @Nullable String against;

  @Option(
      names = "--metric",
      defaultValue = "log-probability",
      paramLabel = "NAME",
      description = {
        "What the summary and the figure show: probability, log-probability, logit,",
        "logit-difference or divergence. Default: ${DEFAULT-VALUE}. JSON has all of them."
      })
  String metric = "log-probability";

  @Written(Written.As.FILE)
  @Option(names = "--figure", paramLabel = "FILE", description = "Also draw the map as SVG.")
  @Nullable String figure;

  @Written(Written.As.LEDGER)
  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description = {
        "Keep what is done in FILE, and go on from it: a sweep that was stopped is not begun anew."
      })
  @Nullable String ledger;

  @Option(
      names = "--memory",
      defaultValue = "512",
      paramLabel = "MIB",
      description = "Most memory for the activations of a batch. Default: ${DEFAULT-VALUE}.")
  int memory;

  /// The metric.
  ///
  /// @throws LynceusException BAD_REQUEST for an unknown name
  Metric metric() {
    return CausalOptions.choice("--metric", metric, Metric.class);
  }

  /// A name of an enum, as people write it.
  ///
  /// @throws LynceusException BAD_REQUEST for an unknown name
  static <E extends Enum<E>> E choice(String option, String name, Class<E> type) {
    E[] all = type.getEnumConstants();
    return Arrays.stream(all)
        .filter(value -> word(value).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                option + " " + name + " is not known",
                "Use "
                    + Arrays.stream(all).map(CausalOptions::word).collect(Collectors.joining(", "))
                    + "."));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What is measured, as a request has it.
  ///
  /// @throws LynceusException BAD_REQUEST for two kinds of target
  Measure measure() {
    if (answer == null && !whole) {
      return word.measure(against);
    }
    if (answer != null && whole || word.target != null || word.nextToken || against != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a whole answer and a word are not measured at once",
          "Give one of --answer, --whole, --target and --next-token; --against belongs to a word.");
    }
    return new Measure.Answer(Optional.ofNullable(answer));
  }

  Limits limits() {
    return new Limits((long) memory << 20, Limits.DEFAULT.positions());
  }
}
