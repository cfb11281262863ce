package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.TinyReaders.Kind;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds of every reader: places and their shapes, replays and sweeps, batches, and an answer
/// that is a piece of what was read.
class ReaderPropertyTest {
  @TempDir static Path folder;

  private static Capture all(LoadedModel model) {
    return Capture.of(
        Point.all().stream()
            .filter(model.model()::has)
            .map(Capture::request)
            .toArray(Capture.Request[]::new));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyPlaceFiresWithItsShapeAndItsEstimate(Kind kind) {
    try (LoadedModel model = TinyReaders.load(folder, kind)) {
      Prompt prompt = TinyReaders.prompt(model, kind);
      TextConfig config = model.model().decoder().config();
      Map<Point, Long> bytes = Budgets.estimate(model, Batch.of(prompt), all(model), 0);
      try (Run run = model.run(prompt, all(model))) {
        for (Capture.Request request : all(model).requests()) {
          Point point = request.point();
          long[] shape =
              point.axes().stream()
                  .mapToLong(axis ->
                      switch (axis) {
                        case BATCH, ONE -> 1;
                        case POSITION, SOURCE -> prompt.length();
                        case HEAD, KEY_HEAD -> TinyReaders.HEADS;
                        case HEAD_WIDTH -> TinyReaders.WIDTH / TinyReaders.HEADS;
                        case MODEL -> config.width(point);
                        case INNER -> TinyReaders.INNER;
                        case VOCABULARY -> kind.spans() ? 2 : TinyReaders.WORDS.size();
                        default -> throw new AssertionError(axis);
                      })
                  .toArray();
          int layers = point.perLayer() ? TinyReaders.LAYERS : 1;
          long kept = 0;
          for (int l = 0; l < layers; l++) {
            assertThat(run.get(point, l).shape()).as(point.name(l)).isEqualTo(shape);
            kept += 4 * run.get(point, l).numel();
          }
          assertThat(bytes.get(point)).as(point.template()).isEqualTo(kept);
        }
        assertThat(model.model().has(Point.TYPE_EMBED)).isTrue();
        assertThat(model.model().has(Point.LN_FINAL_OUT)).isEqualTo(!kind.spans());
      }
    }
  }

  private static Intervention random(Random random, LoadedModel model, int length) {
    List<Point> points =
        Point.all().stream().filter(Point::writable).filter(model.model()::has).toList();
    Point point = points.get(random.nextInt(points.size()));
    Positions positions =
        switch (random.nextInt(3)) {
          case 0 -> Positions.all();
          case 1 -> Positions.of(random.nextInt(length), random.nextInt(length));
          default -> Positions.last();
        };
    Op op =
        point == Point.ATTN_SCORES
            ? new Op.Mask(Positions.of(1 + random.nextInt(length - 1)))
            : switch (random.nextInt(5)) {
              case 0 -> new Op.Zero();
              case 1 -> new Op.Scale(random.nextDouble() * 2);
              case 2 -> new Op.Noise(random.nextLong(), 0.3);
              case 3 -> new Op.Set(Values.of((float) random.nextGaussian()));
              default -> new Op.Add(Values.of((float) random.nextGaussian()), 0.5);
            };
    return new Intervention(
        point,
        point.perLayer() && random.nextBoolean()
            ? Indices.of(random.nextInt(TinyReaders.LAYERS))
            : Indices.ALL,
        point.headAxis() >= 0 && random.nextBoolean() ? Indices.of(random.nextInt(4)) : Indices.ALL,
        positions,
        op);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void replaysAndSweepsEqualWholeRuns(Kind kind) {
    Random random = new Random(kind.ordinal());
    try (LoadedModel model = TinyReaders.load(folder, kind)) {
      Prompt prompt = TinyReaders.prompt(model, kind);
      Capture look = Capture.of("resid_post", "pattern", "hook_logits");
      try (Run clean = model.run(prompt, Sweep.base(model))) {
        List<List<Intervention>> replays = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
          replays.add(List.of(random(random, model, prompt.length())));
        }
        double[][] swept =
            Sweep.of(clean, replays, new Reader.Logits(Tensor::toDoubles))
                .run(Progress.NONE, Ledger.NONE);
        for (int i = 0; i < replays.size(); i++) {
          String what = kind + " " + replays.get(i);
          try (Run replay = clean.replay(replays.get(i), look);
              Run full = model.run(Batch.of(prompt), look, replays.get(i))) {
            Numbers.close(what, replay.logits(), full.logits(), 1e-5);
            Numbers.close(what, swept[i], full.logits().toDoubles(), 1e-5);
            for (var key : full.captured().keys()) {
              Numbers.close(
                  what + key,
                  replay.get(key.point(), key.layer()),
                  full.get(key.point(), key.layer()),
                  1e-5);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRowOfABatchIsThatRowAlone(Kind kind) {
    try (LoadedModel model = TinyReaders.load(folder, kind);
        Scope scope = Scope.open()) {
      List<Prompt> prompts =
          kind.spans()
              ? List.of(
                  TinyReaders.prompt(model, kind),
                  model.passages().prompt("what is red ?", "a cat sits in the park . two"))
              : List.of(TinyReaders.prompt(model, kind), model.raw("a [MASK] cat"));
      for (Batch.Padding padding : Batch.Padding.values()) {
        Batch batch = Batch.of(prompts, padding, 0);
        try (Run together = model.run(batch, Capture.NONE, List.of())) {
          for (int row = 0; row < prompts.size(); row++) {
            try (Run alone = model.run(prompts.get(row), Capture.NONE)) {
              double[] ours = logs(together.logits().select(0, row));
              double[] own = logs(alone.logits().select(0, 0));
              int before =
                  padding == Batch.Padding.LEFT ? batch.length() - prompts.get(row).length() : 0;
              compare(kind, ours, own, batch.length(), prompts.get(row).length(), before);
            }
          }
        }
      }
    }
  }

  private static double[] logs(Tensor logits) {
    return Torch.logSoftmax(logits.to(DType.FLOAT64), 0).toDoubles();
  }

  private static void compare(
      Kind kind, double[] ours, double[] own, int all, int length, int before) {
    if (!kind.spans()) {
      Numbers.close("words", ours, own, 1e-5);
      return;
    }
    for (int id = 0; id < own.length; id++) {
      Piece piece = Piece.of(id, length);
      int there = new Piece(piece.start() + before, piece.end() + before).id(all);
      assertThat(ours[there]).isCloseTo(own[id], org.assertj.core.data.Offset.offset(1e-4));
    }
    double inside = 0;
    for (double log : ours) {
      inside += Math.exp(log);
    }
    assertThat(inside).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
  }

  /// A change of the last word is seen at the first position, already after one layer.
  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyPositionSeesEveryOther(Kind kind) {
    try (LoadedModel model = TinyReaders.load(folder, kind)) {
      Prompt prompt = TinyReaders.prompt(model, kind);
      Capture seen = Capture.of("blocks.0.hook_resid_post", "pattern");
      Intervention other = Intervention.at(Point.EMBED, 0, new Op.Scale(-1)).at(Positions.last());
      try (Run clean = model.run(prompt, seen);
          Run changed = model.run(prompt, seen, other);
          Scope scope = Scope.open()) {
        Tensor first = clean.get(Point.RESID_POST, 0).select(1, 0);
        Tensor there = changed.get(Point.RESID_POST, 0).select(1, 0);
        assertThat(there.sub(first).abs().max().item()).isGreaterThan(1e-3);
        assertThat(clean.get(Point.PATTERN, 0).neg().max().item()).isNegative();
      }
    }
  }

  @Test
  void aPieceIsAWordOfAllPairsOfPositions() {
    try (LoadedModel model = TinyReaders.load(folder, Kind.BERT_SPANS)) {
      Prompt prompt = TinyReaders.prompt(model, Kind.BERT_SPANS);
      int length = prompt.length();
      try (Run run = model.run(prompt, Capture.of("hook_logits", "resid_post"));
          Scope scope = Scope.open()) {
        Tensor both = Torch.logSoftmax(run.get(Point.LOGITS, 0).to(DType.FLOAT64), 1).select(0, 0);
        Piece piece = new Piece(9, 11);
        double product =
            both.select(1, 0).select(0, 9).item() + both.select(1, 1).select(0, 11).item();
        Readout readout = Readout.of(run, OptionalInt.of(piece.id(length)), OptionalInt.empty());
        // The two logits are added in float32.
        assertThat(readout.of(run).logProbability())
            .isCloseTo(product, org.assertj.core.data.Offset.offset(1e-6));
        assertThat(Piece.of(piece.id(length), length)).isEqualTo(piece);
        var objective =
            dev.lynceus.method.gradient.Objective.logProbability(
                Target.token("", prompt.length() - 1, piece.id(length)));
        var backward = new dev.lynceus.method.gradient.Backward(run);
        assertThat(backward.value(objective))
            .isCloseTo(product, org.assertj.core.data.Offset.offset(1e-6));
        Tensor slope = backward.inputs(backward.entering(), objective).slopes();
        double moved = 1e-3;
        Tensor step = slope.div(slope.square().sum().sqrt().item()).mul(moved);
        double up = backward.values(backward.entering().add(step), objective)[0];
        double down = backward.values(backward.entering().sub(step), objective)[0];
        double along = slope.square().sum().sqrt().item();
        assertThat((up - down) / (2 * moved))
            .isCloseTo(along, org.assertj.core.data.Offset.offset(1e-2 * along));
      }
    }
  }

  @Test
  void windowsCoverThePassageAndOverlap() {
    try (LoadedModel model = TinyReaders.load(folder, Kind.BERT_SPANS)) {
      String passage = "the brown dog sits on a mat in the park . two cat one bird red blue";
      int words = passage.split(" ").length;
      for (int length : new int[] {11, 13, 17, 48}) {
        for (int overlap : new int[] {0, 1, 3}) {
          List<Passages.Window> windows =
              model.passages().windows("what is red ?", passage, length, overlap);
          int seen = 0;
          for (Passages.Window window : windows) {
            int[] read = window.prompt().tokens().positions(TokenMap.Role.PASSAGE);
            assertThat(window.prompt().length()).isLessThanOrEqualTo(length);
            assertThat(window.first()).isEqualTo(Math.max(0, seen - overlap));
            for (int i = 0; i < read.length; i++) {
              Encoding.Token token = window.tokens().get(read[i]);
              assertThat(passage.substring(token.start(), token.end()))
                  .isEqualTo(passage.split(" ")[window.first() + i])
                  .isEqualTo(window.text(new Piece(read[i], read[i])));
            }
            seen = window.first() + read.length;
            assertThat(IntStream.of(window.prompt().ids()).filter(id -> id == 3).count())
                .isEqualTo(2);
          }
          assertThat(seen).isEqualTo(words);
        }
      }
      assertThat(model.passages().windows("what is red ?", passage, 48, 3)).hasSize(1);
      refused(ErrorCode.BAD_REQUEST, () -> model.passages().windows("what ?", passage, 5, 0));
      refused(ErrorCode.BAD_REQUEST, () -> model.passages().windows("what ?", passage, 9, 4));
      refused(ErrorCode.BAD_REQUEST, () -> model.passages().prompt(" ", passage));
      refused(ErrorCode.BAD_REQUEST, () -> model.passages().prompt("what ?", "\n"));
      refused(
          ErrorCode.BAD_REQUEST,
          () -> model.passages().prompt("what ?", (passage + " ").repeat(5)));
    }
  }

  private static void refused(ErrorCode code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            LynceusException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void whatOnlyWritersDoIsRefusedInOneWay() {
    try (LoadedModel spans = TinyReaders.load(folder, Kind.BERT_SPANS);
        LoadedModel words = TinyReaders.load(folder, Kind.BERT_WORDS)) {
      Prompt text = TinyReaders.prompt(words, Kind.BERT_WORDS);
      refused(ErrorCode.UNSUPPORTED_MODEL, () -> spans.prompt("what is red ?"));
      refused(ErrorCode.UNSUPPORTED_MODEL, () -> spans.raw("what is red ?"));
      refused(ErrorCode.UNSUPPORTED_MODEL, () -> words.prompt("what is red ?"));
      refused(ErrorCode.UNSUPPORTED_MODEL, () -> words.passages().prompt("what ?", "red"));
      refused(
          ErrorCode.UNSUPPORTED_MODEL,
          () -> words.generate(text, GenerationOptions.DEFAULT, Capture.NONE));
    }
  }
}
