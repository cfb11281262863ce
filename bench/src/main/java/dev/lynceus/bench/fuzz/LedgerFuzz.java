package dev.lynceus.bench.fuzz;

import dev.lynceus.run.LedgerFile;
import dev.lynceus.run.LedgerKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Ledgers with bytes changed, lines torn, doubled, exchanged, and brought in from others. What is
/// taken must be what was written: a case that gives another number fails.
final class LedgerFuzz implements FuzzKind {
  private static final int REPLAYS = 12;
  private static final List<String> WORDS =
      List.of(
          "\n",
          " ",
          "#",
          "0",
          "-1",
          "NaN",
          "Infinity",
          "1e999",
          "lynceus-ledger-2 ",
          "lynceus-sweep-1 ",
          "{}",
          "\u0000",
          "999999",
          "\r\n",
          "0x1p3");

  @Override
  public String name() {
    return "ledgers";
  }

  @Override
  public String about() {
    return "ledgers with lines torn, doubled, exchanged and changed";
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) throws IOException {
    RandomGenerator random = Fuzz.random(name(), seed, index);
    List<String> done = new ArrayList<>();
    LedgerKey key = LedgerKey.of("the options", "a").with("picture 1", "b" + random.nextInt(2));
    double[][] results = results(random);
    Path file = folder.resolve("ledger");
    write(file, key, results);
    byte[] bytes = Files.readAllBytes(file);
    switch (random.nextInt(4)) {
      case 0 -> bytes = TextMutation.mutate(random, bytes, 1 + random.nextInt(3), done);
      case 1 ->
          bytes =
              TextMutation.mutate(
                      random,
                      new String(bytes, StandardCharsets.UTF_8),
                      WORDS,
                      1 + random.nextInt(3),
                      done)
                  .getBytes(StandardCharsets.UTF_8);
      case 2 -> bytes = lines(random, bytes, done);
      default -> {
        Path other = folder.resolve("other");
        write(other, key.with("picture 1", "x"), results(random));
        List<String> all = new ArrayList<>(Files.readAllLines(file));
        all.set(
            1 + random.nextInt(REPLAYS),
            Files.readAllLines(other).get(1 + random.nextInt(REPLAYS)));
        bytes = (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8);
        done.add("a line of another ledger");
      }
    }
    Files.write(file, bytes);
    return new FuzzCase(String.join("; ", done), () -> check(file, key, results));
  }

  private static double[][] results(RandomGenerator random) {
    double[][] results = new double[REPLAYS][3];
    for (double[] row : results) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return results;
  }

  private static void write(Path file, LedgerKey key, double[][] results) {
    try (LedgerFile ledger = LedgerFile.open(file, key)) {
      for (int i = 0; i < REPLAYS; i++) {
        ledger.done(i, results[i]);
      }
    }
  }

  private static byte[] lines(RandomGenerator random, byte[] bytes, List<String> done) {
    List<String> all = new ArrayList<>(new String(bytes, StandardCharsets.UTF_8).lines().toList());
    int at = random.nextInt(all.size());
    switch (random.nextInt(4)) {
      case 0 -> all.remove(at);
      case 1 -> all.add(at, all.get(random.nextInt(all.size())));
      case 2 -> Collections.swap(all, at, random.nextInt(all.size()));
      default -> all.set(at, all.get(at).substring(0, random.nextInt(all.get(at).length() + 1)));
    }
    done.add("lines dropped, doubled, exchanged or cut at " + at);
    return (String.join("\n", all) + (random.nextBoolean() ? "\n" : ""))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void check(Path file, LedgerKey key, double[][] results) {
    try (LedgerFile ledger = LedgerFile.open(file, key)) {
      for (int i = -1; i < REPLAYS + 1; i++) {
        int replay = i;
        ledger
            .result(replay)
            .ifPresent(found -> {
              if (replay < 0 || replay >= REPLAYS || !Arrays.equals(found, results[replay])) {
                throw new IllegalStateException("a number that was not written: replay " + replay);
              }
            });
      }
    }
  }
}
