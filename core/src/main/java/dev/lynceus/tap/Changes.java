package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.GivenTensor;
import dev.lynceus.tensor.file.Safetensors;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Applies interventions to activations: the arithmetic behind [Op].
final class Changes {
  private Changes() {}

  /// What of an activation is changed.
  ///
  /// @param rows positions relative to the activation; null = all
  /// @param heads null = all
  private record Area(
      int positionAxis, int @Nullable [] rows, int headAxis, int @Nullable [] heads) {

    Tensor of(Tensor value) {
      Tensor part = rows == null ? value : value.indexSelect(positionAxis, Tensor.indices(rows));
      return heads == null ? part : part.indexSelect(headAxis, Tensor.indices(heads));
    }

    /// The same heads at other positions.
    Area at(int[] others) {
      return new Area(positionAxis, others, headAxis, heads);
    }

    /// The activation with this part replaced; the given tensor is not changed.
    Tensor put(Tensor value, Tensor changed) {
      if (rows == null) {
        return heads == null
            ? changed
            : value.copy().indexCopy_(headAxis, Tensor.indices(heads), changed);
      }
      Tensor index = Tensor.indices(rows);
      Tensor part = changed;
      if (heads != null) {
        part =
            value
                .indexSelect(positionAxis, index)
                .indexCopy_(headAxis, Tensor.indices(heads), changed);
      }
      return value.copy().indexCopy_(positionAxis, index, part);
    }
  }

  /// The activation with one intervention applied; the given tensor is not changed.
  ///
  /// @param start position of the first row of the activation in its sequence
  static Tensor apply(Intervention change, int layer, Tensor value, int start, Labels labels) {
    Point point = change.point();
    TokenMap tokens = labels.rows(point);
    Area area = area(change, layer, value, start, tokens);
    if (area.rows != null && area.rows.length == 0) {
      return value;
    }
    Tensor region = area.of(value);
    Tensor changed =
        switch (change.op()) {
          case Op.Set set -> fit(set.values(), region, value, area, start);
          case Op.Patch patch -> fit(patch.values(), region, value, area, start);
          case Op.Add add ->
              region.add(fit(add.values(), region, value, area, start).mul(add.factor()));
          case Op.Scale scale -> region.mul(scale.factor());
          case Op.Zero zero -> Torch.zeros(value.dtype(), region.shape());
          case Op.Mean mean -> mean(mean, value, region, area, start, tokens);
          case Op.Noise noise ->
              region.add(
                  Noise.make(noise, change, layer, value.shape(), absolute(area, value, start))
                      .to(value.dtype()));
          case Op.Mask mask -> mask(mask, point, region, labels.columns(point));
          case Op.Cut cut -> {
            Tensor columns = columns(cut.sources(), point, region, labels.columns(point));
            yield region.sub(region.mul(columns));
          }
          case Op.Spread spread ->
              spread(region, columns(spread.sources(), point, region, labels.columns(point)));
          case Op.Redistribute redistribute ->
              redistribute(redistribute, region, labels.columns(point));
          case Op.Project project -> project(project, region);
        };
    if (point.site().isScore()) {
      changed = stayForbidden(point.name(layer), point.columnAxis(), region, changed);
    }
    return area.put(value, changed.to(value.dtype()));
  }

  private static Area area(
      Intervention change, int layer, Tensor value, int start, TokenMap tokens) {
    Point point = change.point();
    int positionAxis = point.axis(Axis.POSITION);
    int headAxis = point.headAxis();
    int @Nullable [] rows = null;
    if (positionAxis >= 0 && !(change.positions() instanceof Positions.All)) {
      rows = change.positions().within(start, (int) value.size(positionAxis), tokens);
    }
    int @Nullable [] heads = null;
    if (headAxis >= 0 && !change.heads().isAll()) {
      heads = change.heads().numbers();
      int last = heads[heads.length - 1];
      if (last >= value.size(headAxis)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s has %d heads, there is no head %d"
                .formatted(point.name(layer), value.size(headAxis), last),
            "Heads count from 0.");
      }
    }
    return new Area(positionAxis, rows, headAxis, heads);
  }

  /// Positions of the changed rows in the sequence.
  private static int[] absolute(Area area, Tensor value, int start) {
    if (area.rows != null) {
      return IntStream.of(area.rows).map(r -> r + start).toArray();
    }
    int length = area.positionAxis < 0 ? 1 : (int) value.size(area.positionAxis);
    return IntStream.range(start, start + length).toArray();
  }

  /// Scores of -infinity mark what the model forbids, such as the future: no change allows it.
  private static Tensor stayForbidden(String name, int sources, Tensor region, Tensor changed) {
    Tensor forbidden = region.eq(Double.NEGATIVE_INFINITY);
    Tensor result = changed.maskedFill(forbidden, Double.NEGATIVE_INFINITY);
    double lowest = -result.amax(sources).to(DType.FLOAT64).neg().max().item();
    if (lowest == Double.NEGATIVE_INFINITY) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the change at " + name + " leaves some position nothing to attend to",
          "Leave at least one allowed position in every row, for example the first token.");
    }
    return result;
  }

  /// Brings given values to the shape of the region: the region itself, the whole activation (for
  /// each row of the batch, or one for all of them), or anything that broadcasts. Of an activation
  /// that covers the whole sequence, a pass that begins later takes its own rows.
  private static Tensor fit(Values values, Tensor region, Tensor value, Area area, int start) {
    Tensor given = load(values);
    Tensor typed = given.to(value.dtype());
    int axis = area.positionAxis - value.dim() + given.dim();
    if (area.positionAxis >= 0 && axis >= 0) {
      long rows = value.size(area.positionAxis);
      if (start > 0 && given.size(axis) == start + rows) {
        typed = typed.narrow(axis, start, rows);
      }
      if (typed.size(axis) == rows
          && !Arrays.equals(typed.shape(), region.shape())
          && broadcasts(typed.shape(), value.shape())) {
        return area.of(typed.expand(value.shape()));
      }
    }
    if (Arrays.equals(typed.shape(), region.shape())) {
      return typed;
    }
    if (Arrays.equals(typed.shape(), value.shape())) {
      return area.of(typed);
    }
    if (!broadcasts(typed.shape(), region.shape())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "values of shape %s do not fit the changed region %s"
              .formatted(Arrays.toString(given.shape()), Arrays.toString(region.shape())),
          "Give the shape of the region, of the whole activation, or one that broadcasts.");
    }
    return typed.expand(region.shape()).contiguous();
  }

  private static boolean broadcasts(long[] from, long[] to) {
    int lead = to.length - from.length;
    return lead >= 0
        && IntStream.range(0, from.length).allMatch(i -> from[i] == 1 || from[i] == to[i + lead]);
  }

  private static Tensor load(Values values) {
    return switch (values) {
      case Values.Inline inline -> Tensor.of(inline.numbers(), inline.shape());
      case Values.Live live -> live.tensor();
      case Values.Stored stored -> {
        String next = "Name a safetensors file, and a tensor of it.";
        if (!Files.isRegularFile(stored.file())) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST, "there is no file " + stored.file() + " of values", next);
        }
        try (Safetensors file = Safetensors.open(stored.file())) {
          yield GivenTensor.finite(file, stored.tensor(), next);
        }
      }
    };
  }

  private static Tensor mean(
      Op.Mean mean, Tensor value, Tensor region, Area area, int start, TokenMap tokens) {
    int[] over = mean.over().within(start, (int) value.size(area.positionAxis), tokens);
    if (over.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "op 'mean' over " + mean.over().text() + ": none of these positions is in this pass",
          "Take the mean over positions of the prompt, and do not use it while decoding.");
    }
    return area.at(over).of(value).meanKeep(area.positionAxis).expand(region.shape()).contiguous();
  }

  private static Tensor mask(Op.Mask mask, Point point, Tensor region, TokenMap tokens) {
    int columns = (int) region.size(point.columnAxis());
    boolean[] flags = new boolean[columns];
    for (int column : mask.sources().within(0, columns, tokens)) {
      flags[column] = true;
    }
    return region.maskedFill(Tensor.of(flags, columns), Double.NEGATIVE_INFINITY);
  }

  /// One for some columns, zero for the others, `[columns]`.
  private static Tensor columns(Positions sources, Point point, Tensor region, TokenMap tokens) {
    int count = (int) region.size(point.columnAxis());
    float[] some = new float[count];
    for (int column : sources.within(0, count, tokens)) {
      some[column] = 1;
    }
    return Tensor.of(some, count).to(region.dtype());
  }

  private static Tensor spread(Tensor region, Tensor columns) {
    Tensor paid = region.mul(columns);
    // A row pays nothing where it may not look.
    Tensor seen = paid.gt(0).to(region.dtype());
    Tensor each = paid.sum(-1).div(seen.sum(-1).clampMin(1)).unsqueeze(-1);
    return region.sub(paid).add(seen.mul(each));
  }

  private static Tensor redistribute(Op.Redistribute op, Tensor region, TokenMap tokens) {
    int columns = (int) region.size(-1);
    float[] sinks = new float[columns];
    float[] patches = new float[columns];
    float[] open = new float[columns];
    for (int column : op.sinks().within(0, columns, tokens)) {
      sinks[column] = 1;
    }
    for (int column : op.patches().within(0, columns, tokens)) {
      patches[column] = 1;
      open[column] = 1 - sinks[column];
    }
    DType dtype = region.dtype();
    Tensor free = region.mul(Tensor.of(open, columns).to(dtype));
    Tensor freeMass = free.sum(-1).unsqueeze(-1);
    Tensor patchMass = region.mul(Tensor.of(patches, columns).to(dtype)).sum(-1).unsqueeze(-1);
    Tensor paid = region.mul(Tensor.of(sinks, columns).to(dtype)).mul(op.share());
    // A row that pays no free patch anything has nobody to give to.
    Tensor kept = freeMass.sub(patchMass.mul(op.least())).gt(-1e-9).to(dtype);
    Tensor gives = kept.mul(freeMass.gt(0).to(dtype));
    Tensor gift = free.mul(paid.sum(-1).unsqueeze(-1)).div(freeMass.clampMin(1e-30));
    return region.add(gift.sub(paid).mul(gives));
  }

  private static Tensor project(Op.Project project, Tensor region) {
    Tensor direction = load(project.direction()).to(region.dtype());
    Tensor square = direction.square().sum(-1).unsqueeze(-1);
    if (direction.dim() < 1
        || direction.size(-1) != region.size(-1)
        || !broadcasts(direction.shape(), region.shape())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a direction of shape %s does not fit the changed region %s"
              .formatted(Arrays.toString(direction.shape()), Arrays.toString(region.shape())),
          "Give one number for each coordinate of the last dimension.");
    }
    if (!(square.neg().max().item() < 0)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "op 'project': the direction is zero",
          "Give a direction that is not zero.");
    }
    Tensor share = region.mul(direction).sum(-1).unsqueeze(-1).div(square);
    Tensor used =
        switch (project.when()) {
          case ALWAYS -> share;
          case POSITIVE -> share.clampMin(0);
        };
    return region.sub(used.mul(direction).mul(project.strength()));
  }
}
