package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A replay gives what a full run with all interventions gives.
class ReplayTest {
  @TempDir static Path folder;

  /// A random intervention that is legal at every position of a sequence of that length.
  static Intervention random(Random random, Family family, int length) {
    List<Point> points = Point.all().stream().filter(Point::writable).filter(family::has).toList();
    Point point = points.get(random.nextInt(points.size()));
    int heads =
        point.axis(Axis.KEY_HEAD) >= 0 ? 1 : point.stack() == Stack.VISION ? 3 : TinyModels.HEADS;
    int reach = point.stack() == Stack.DECODER ? length : 10;
    Positions positions =
        point.axis(Axis.POSITION) < 0
            ? Positions.all()
            : switch (random.nextInt(4)) {
              case 0 -> Positions.all();
              case 1 -> Positions.of(random.nextInt(reach), random.nextInt(reach));
              case 2 -> Positions.from(random.nextInt(reach));
              default -> Positions.last();
            };
    Op op =
        switch (random.nextInt(5)) {
          case 0 -> new Op.Zero();
          case 1 -> new Op.Scale(random.nextDouble() * 2);
          case 2 -> new Op.Noise(random.nextLong(), 0.3);
          case 3 -> new Op.Set(Values.of((float) random.nextGaussian()));
          default -> new Op.Add(Values.of((float) random.nextGaussian()), 0.5);
        };
    int layers = point.stack() == Stack.VISION ? 2 : TinyModels.LAYERS;
    return new Intervention(
        point,
        point.perLayer() && random.nextInt(4) > 0
            ? Indices.of(random.nextInt(layers), random.nextInt(layers))
            : Indices.ALL,
        point.headAxis() >= 0 && random.nextBoolean()
            ? Indices.of(random.nextInt(heads))
            : Indices.ALL,
        positions,
        op);
  }

  private static List<Intervention> some(Random random, Family family, int length, int most) {
    List<Intervention> changes = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      changes.add(random(random, family, length));
    }
    return changes;
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void replaysEqualFullRuns(Family family) {
    Random random = new Random(family.ordinal());
    Capture seen = Capture.of("resid_post", "pattern", "z", "hook_logits");
    List<Capture> kept =
        List.of(
            Capture.NONE,
            Capture.of("resid_pre"),
            Capture.of("blocks.2.hook_resid_pre"),
            Capture.of(Capture.request(Point.RESID_PRE).reduced(Capture.Reducer.NORM)),
            Capture.of(Capture.request(Point.RESID_PRE).at(Positions.last())));
    int bitEqual = 0;
    int rounds = 60;
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the big dog on the mat", 1);
      for (int round = 0; round < rounds; round++) {
        List<Intervention> first = some(random, family, prompt.length(), 2);
        List<Intervention> second = some(random, family, prompt.length(), 2);
        List<Intervention> third = some(random, family, prompt.length(), 1);
        List<Intervention> two = join(first, second);
        List<Intervention> all = join(two, third);
        Capture plan = kept.get(round % kept.size());
        Capture look = round % 3 == 0 ? Capture.NONE : seen;
        String what = family + " " + round + " " + first + " then " + second + " then " + third;
        try (Run run = model.run(Batch.of(prompt), plan, first);
            Run replay = run.replay(second, round % 2 == 0 ? plan : look);
            Run again = replay.replay(third, look);
            Run full = model.run(Batch.of(prompt), Capture.NONE, two);
            Run fullAgain = model.run(Batch.of(prompt), look, all)) {
          Numbers.close(what, replay.logits(), full.logits(), 1e-5);
          Numbers.close(what, again.logits(), fullAgain.logits(), 1e-5);
          assertThat(again.interventions()).isEqualTo(all);
          for (var key : fullAgain.captured().keys()) {
            Numbers.close(
                what + " " + key,
                again.get(key.point(), key.layer()),
                fullAgain.get(key.point(), key.layer()),
                1e-5);
          }
          assertThat(again.captured().keys()).isEqualTo(fullAgain.captured().keys());
          bitEqual +=
              Numbers.difference(again.logits().toDoubles(), fullAgain.logits().toDoubles()) == 0
                  ? 1
                  : 0;
        }
      }
    }
    assertThat(bitEqual)
        .as("most replays are equal to the last bit")
        .isGreaterThan(rounds * 8 / 10);
  }

  private static List<Intervention> join(List<Intervention> a, List<Intervention> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void replaysOfGenerationsEqualFullRuns(Family family) {
    Random random = new Random(100 + family.ordinal());
    try (LoadedModel model = TinyModels.load(folder, family)) {
      Prompt prompt = TinyModels.prompt(model, family, "what color is the dog", 1);
      for (int round = 0; round < 20; round++) {
        List<Intervention> first =
            some(random, family, prompt.length(), 2).stream()
                .filter(change -> !(change.positions() instanceof Positions.Last))
                .toList();
        Capture plan = round % 2 == 0 ? Capture.of("resid_pre") : Capture.NONE;
        try (Generation generation =
            model.generate(
                Batch.of(prompt), GenerationOptions.greedy(5), plan, first, text -> {})) {
          Run run = generation.run();
          List<Intervention> second = some(random, family, run.batch().length(), 2);
          String what = family + " " + round + " " + first + " then " + second;
          Capture look = Capture.of("resid_post", "hook_embed");
          try (Run replay = run.replay(second, look);
              Run full = model.run(run.batch(), look, join(first, second))) {
            Numbers.close(what, replay.logits(), full.logits(), 1e-5);
            for (var key : full.captured().keys()) {
              Numbers.close(
                  what + " " + key,
                  replay.get(key.point(), key.layer()),
                  full.get(key.point(), key.layer()),
                  1e-5);
            }
          }
        }
      }
    }
  }

  @Test
  void theLastRowOfEachPassIsRemembered() {
    try (LoadedModel model = TinyModels.load(folder, Family.GEMMA)) {
      Prompt prompt = model.raw("what color is the dog");
      List<Intervention> changes =
          List.of(
              Intervention.at(Point.RESID_POST, 0, new Op.Noise(3, 0.4)).at(Positions.last()),
              Intervention.at(Point.EMBED, 0, new Op.Scale(1.3)).at(Positions.last()));
      try (Generation generation =
              model.generate(
                  Batch.of(prompt),
                  GenerationOptions.greedy(5),
                  Capture.of("resid_post"),
                  changes,
                  text -> {});
          Run replay = generation.run().replay(List.of(), Capture.of("resid_post", "hook_embed"));
          Run anew = generation.run().replay();
          Scope scope = Scope.open()) {
        assertThat(generation.run().batch().length()).isGreaterThan(prompt.length() + 1);
        Numbers.close("logits", replay.logits(), generation.run().logits(), 1e-5);
        Numbers.close("logits", anew.logits(), generation.run().logits(), 1e-5);
        for (int l = 0; l < TinyModels.LAYERS; l++) {
          Numbers.close(
              "layer " + l,
              replay.get(Point.RESID_POST, l),
              generation.run().get(Point.RESID_POST, l),
              1e-5);
        }
      }
    }
  }

  @Test
  void aMeanOfEachStepIsNotReplayed() {
    try (LoadedModel model = TinyModels.load(folder, Family.GEMMA)) {
      Prompt prompt = model.raw("what color is the dog");
      Intervention mean = Intervention.at(Point.RESID_POST, 0, new Op.Mean(Positions.all()));
      try (Generation generation =
          model.generate(
              Batch.of(prompt),
              GenerationOptions.greedy(4),
              Capture.NONE,
              List.of(mean),
              text -> {})) {
        assertThat(generation.run().batch().length()).isGreaterThan(prompt.length());
        assertThatThrownBy(() -> generation.run().replay())
            .hasMessageContaining("each step had its own mean");
      }
    }
  }

  @Test
  void replaysOfPaddedBatches() {
    for (Family family : List.of(Family.MISTRAL, Family.LLAVA_CLIP)) {
      try (LoadedModel model = TinyModels.load(folder, family)) {
        List<Prompt> prompts = GenerationParityTest.prompts(model, family);
        for (Batch.Padding padding : Batch.Padding.values()) {
          Batch batch = Batch.of(prompts, padding, 3);
          List<Intervention> first = List.of(Intervention.at(Point.Z, 0, new Op.Scale(0.5)));
          List<Intervention> second =
              List.of(
                  Intervention.at(Point.MLP_OUT, 2, new Op.Zero()),
                  Intervention.at(Point.LN_FINAL_OUT, 0, new Op.Scale(1.2)),
                  Intervention.at(Point.LOGITS, 0, new Op.Add(Values.of(0.25f), 1)));
          Capture look = Capture.of("hook_logits", "resid_post");
          try (Run run = model.run(batch, Capture.of("resid_pre"), first);
              Run replay = run.replay(second, look);
              Run full = model.run(batch, look, join(first, second));
              Scope scope = Scope.open()) {
            Numbers.same(family + " " + padding, replay.logits(), full.logits());
            Numbers.same("captured", replay.get(Point.LOGITS, 0), full.get(Point.LOGITS, 0));
            for (int row = 0; row < batch.size(); row++) {
              try (Run alone =
                  model.run(Batch.of(prompts.get(row)), Capture.NONE, join(first, second))) {
                Numbers.close(
                    family + " " + padding + " " + row,
                    full.logits().narrow(0, row, 1),
                    alone.logits(),
                    1e-5);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void replaysResumeAtTheFirstTouchedLayer() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA)) {
      Prompt prompt = model.raw("what color is the dog");
      try (Run run = model.run(prompt, Capture.of("resid_pre"))) {
        // A layer before the first touched one is computed only because it is looked at.
        try (Run replay =
            run.replay(
                List.of(Intervention.at(Point.Z, 2, new Op.Zero())),
                Capture.of("blocks.0.attn.hook_pattern"))) {
          assertThat(replay.captured().has(Point.PATTERN, 0)).isTrue();
        }
        assertThatThrownBy(() -> run.replay().cache()).hasMessageContaining("has no keys");
      }
    }
  }

  @Test
  void aRunThatForgotItsKeysIsReplayedFromTheFirstPosition() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA)) {
      Prompt prompt = model.raw("what color is the dog");
      try (Run run = model.run(prompt, Capture.of("resid_pre"))) {
        Intervention late =
            Intervention.at(Point.MLP_OUT, 1, new Op.Zero()).at(Positions.of(prompt.length() - 1));
        double[] before;
        try (Run replay = run.replay(late)) {
          before = replay.logits().toDoubles();
        }
        run.forgetKeys();
        run.forgetKeys();

        try (Run replay = run.replay(late)) {
          assertThat(Numbers.difference(replay.logits().toDoubles(), before)).isLessThan(1e-5);
        }
        assertThatThrownBy(run::cache).hasMessageContaining("has no keys");
      }
    }
  }
}
