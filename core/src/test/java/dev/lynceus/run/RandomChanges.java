package dev.lynceus.run;

import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Random interventions of every kind at every point that a model has.
final class RandomChanges {
  private final Random random;
  private final TextConfig text;
  private final StackShape vision;
  private final List<Point> points;
  private final int length;
  private final boolean ragged;

  RandomChanges(Random random, LoadedModel model, Batch batch) {
    this.random = random;
    this.text = model.model().decoder().config();
    this.vision = model.model().vision().map(tower -> tower.shape()).orElse(null);
    this.length = batch.length();
    this.ragged =
        IntStream.range(0, batch.size()).anyMatch(row -> batch.last(row) < batch.length() - 1);
    this.points = Point.all().stream().filter(Point::writable).filter(model.model()::has).toList();
  }

  /// Up to `most` changes.
  List<Intervention> some(int most) {
    List<Intervention> changes = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      changes.add(one());
    }
    return changes;
  }

  /// A change, in three of four cases to the decoder.
  Intervention one() {
    Point point = points.get(random.nextInt(points.size()));
    while (point.stack() != Stack.DECODER && random.nextInt(3) > 0) {
      point = points.get(random.nextInt(points.size()));
    }
    boolean decoder = point.stack() == Stack.DECODER;
    int heads =
        decoder
            ? point.axis(Axis.KEY_HEAD) >= 0 ? text.keyHeads() : text.heads()
            : vision.heads().count();
    int layers = decoder ? text.layers() : vision.layers() - 1;
    Positions positions = point.axis(Axis.POSITION) < 0 ? Positions.all() : positions(decoder);
    return new Intervention(
        point,
        point.perLayer() && random.nextInt(4) > 0
            ? Indices.of(random.nextInt(layers), random.nextInt(layers))
            : Indices.ALL,
        point.headAxis() >= 0 && random.nextBoolean()
            ? Indices.of(random.nextInt(heads))
            : Indices.ALL,
        positions,
        op(point, positions));
  }

  /// A plan to look at a few things, some of them in the middle.
  Capture look() {
    List<Point> seen =
        List.of(
            Point.RESID_PRE, Point.RESID_POST, Point.Z, Point.PATTERN, Point.MLP_OUT, Point.LOGITS);
    Point point = seen.get(random.nextInt(seen.size()));
    Capture.Request request = Capture.request(point).at(positions(true));
    return Capture.of(point.perLayer() ? request.layers(random.nextInt(text.layers())) : request);
  }

  private Positions positions(boolean decoder) {
    int reach = decoder ? length : 9;
    return switch (random.nextInt(6)) {
      case 0 -> Positions.all();
      case 1 -> Positions.of(random.nextInt(reach), random.nextInt(reach));
      case 2 -> Positions.from(random.nextInt(reach));
      case 3 -> new Positions.Range(random.nextInt(reach), random.nextInt(reach) + 1);
      case 4 -> Positions.of(random.nextInt(reach));
      default -> ragged ? Positions.of(length - 1) : Positions.last();
    };
  }

  private Op op(Point point, Positions positions) {
    boolean stream =
        point.stack() == Stack.DECODER
            && point.axes().getLast() == Axis.MODEL
            && !point.equals(Point.RESULT);
    boolean attention = point == Point.ATTN_SCORES || point == Point.PATTERN;
    return switch (random.nextInt(stream || attention ? 10 : 5)) {
      case 0 -> new Op.Zero();
      case 1 -> new Op.Scale(random.nextDouble() * 2);
      case 2 -> new Op.Noise(random.nextLong(), 0.3);
      case 3 -> new Op.Set(Values.of((float) random.nextGaussian()));
      case 4 -> new Op.Add(Values.of((float) random.nextGaussian()), 0.5);
      default ->
          point == Point.ATTN_SCORES
              ? new Op.Mask(Positions.of(1 + random.nextInt(length - 1)))
              : point == Point.PATTERN ? redistributed() : written(positions);
    };
  }

  private Op redistributed() {
    int third = length / 3;
    Positions some = new Positions.Range(third, 2 * third);
    switch (random.nextInt(4)) {
      case 0:
        return new Op.Cut(some);
      case 1:
        return new Op.Spread(some);
      default:
    }
    return new Op.Redistribute(
        Positions.of(0, third + random.nextInt(third)),
        new Positions.Range(third, 2 * third),
        random.nextDouble(),
        random.nextDouble());
  }

  /// Changes with a vector for each position of the change, for each of the sequence, or for all.
  private Op written(Positions positions) {
    int[] rows = positions.within(0, length, new dev.lynceus.tap.TokenMap(List.of(), List.of()));
    return switch (random.nextInt(6)) {
      case 0 -> new Op.Patch(vectors(length));
      case 1 -> rows.length == 0 ? new Op.Zero() : new Op.Add(vectors(rows.length), 0.7);
      case 2 -> rows.length == 0 ? new Op.Zero() : new Op.Set(vectors(rows.length));
      case 3 -> new Op.Project(vectors(1), 1.2, Op.When.POSITIVE);
      case 4 -> new Op.Mean(Positions.of(random.nextInt(length), random.nextInt(length)));
      default -> new Op.Set(vectors(1));
    };
  }

  private Values vectors(int rows) {
    float[] numbers = new float[rows * text.width()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return new Values.Inline(numbers, new long[] {1, rows, text.width()});
  }
}
