package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Applies interventions to activations: the arithmetic behind [Op].
final class Changes {
  private Changes() {}

  /// The activation with one intervention applied; the given tensor is not changed.
  ///
  /// @param start position of the first row of the activation in its sequence
  static Tensor apply(Intervention change, int layer, Tensor value, int start, TokenMap tokens) {
    Point point = change.point();
    int positionAxis = point.axis(Axis.POSITION);
    int headAxis = point.headAxis();
    int @Nullable [] rows = null;
    if (positionAxis >= 0 && !(change.positions() instanceof Positions.All)) {
      rows = change.positions().within(start, (int) value.size(positionAxis), tokens);
      if (rows.length == 0) {
        return value;
      }
    }
    int @Nullable [] heads = null;
    if (headAxis >= 0 && !change.heads().isAll()) {
      heads = change.heads().numbers();
      int last = heads[heads.length - 1];
      if (last >= value.size(headAxis)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s has %d heads, there is no head %d".formatted(point.template(), value.size(headAxis), last),
            "Heads count from 0.");
      }
    }
    Tensor region = region(value, positionAxis, rows, headAxis, heads);
    int[] absolute = absolute(rows, positionAxis < 0 ? 1 : (int) value.size(positionAxis), start);
    Tensor changed =
        switch (change.op()) {
          case Op.Set set -> fit(load(set.values()), region, value, positionAxis, rows, headAxis, heads);
          case Op.Patch patch -> fit(load(patch.values()), region, value, positionAxis, rows, headAxis, heads);
          case Op.Add add ->
              region.add(fit(load(add.values()), region, value, positionAxis, rows, headAxis, heads).mul(add.factor()));
          case Op.Scale scale -> region.mul(scale.factor());
          case Op.Zero zero -> region.mul(0);
          case Op.Mean mean -> mean(mean, value, region, positionAxis, headAxis, heads, start, tokens);
          case Op.Noise noise -> region.add(noise(noise, layer, region, positionAxis, absolute));
          case Op.Mask mask -> mask(mask, point, region, tokens);
          case Op.Project project -> project(project, region);
        };
    return put(value, changed.to(value.dtype()), positionAxis, rows, headAxis, heads);
  }

  private static int[] absolute(int @Nullable [] rows, int length, int start) {
    return (rows == null ? IntStream.range(0, length) : IntStream.of(rows)).map(r -> r + start).toArray();
  }

  private static Tensor region(
      Tensor value, int positionAxis, int @Nullable [] rows, int headAxis, int @Nullable [] heads) {
    Tensor region = rows == null ? value : value.indexSelect(positionAxis, Tensor.indices(rows));
    return heads == null ? region : region.indexSelect(headAxis, Tensor.indices(heads));
  }

  private static Tensor put(
      Tensor value, Tensor changed, int positionAxis, int @Nullable [] rows, int headAxis, int @Nullable [] heads) {
    if (rows == null) {
      return heads == null
          ? changed
          : value.copy().indexCopy_(headAxis, Tensor.indices(heads), changed);
    }
    Tensor index = Tensor.indices(rows);
    Tensor part = changed;
    if (heads != null) {
      part = value.indexSelect(positionAxis, index).indexCopy_(headAxis, Tensor.indices(heads), changed);
    }
    return value.copy().indexCopy_(positionAxis, index, part);
  }

  /// Brings given values to the shape of the region: the region itself, the whole activation, or anything that
  /// broadcasts.
  private static Tensor fit(
      Tensor given, Tensor region, Tensor value, int positionAxis, int @Nullable [] rows, int headAxis, int @Nullable [] heads) {
    Tensor typed = given.to(value.dtype());
    if (Arrays.equals(given.shape(), region.shape())) {
      return typed;
    }
    if (Arrays.equals(given.shape(), value.shape())) {
      return region(typed, positionAxis, rows, headAxis, heads);
    }
    try {
      return typed.expand(region.shape()).contiguous();
    } catch (RuntimeException mismatch) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "values of shape %s do not fit the changed region %s"
              .formatted(Arrays.toString(given.shape()), Arrays.toString(region.shape())),
          "Give the shape of the region, of the whole activation, or one that broadcasts.",
          mismatch);
    }
  }

  private static Tensor load(Values values) {
    return switch (values) {
      case Values.Inline inline -> Tensor.of(inline.numbers(), inline.shape());
      case Values.Live live -> live.tensor();
      case Values.Stored stored -> {
        try (Safetensors file = Safetensors.open(stored.file())) {
          yield file.tensor(stored.tensor()).copy();
        }
      }
    };
  }

  private static Tensor mean(
      Op.Mean mean, Tensor value, Tensor region, int positionAxis, int headAxis, int @Nullable [] heads, int start, TokenMap tokens) {
    int[] over = mean.over().within(start, (int) value.size(positionAxis), tokens);
    if (over.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "op 'mean' over " + mean.over().text() + ": none of these positions is in this pass",
          "Take the mean over positions of the prompt, and do not use it while decoding.");
    }
    Tensor source = region(value, positionAxis, over, headAxis, heads);
    return source.meanKeep(positionAxis).expand(region.shape()).contiguous();
  }

  private static Tensor noise(Op.Noise noise, int layer, Tensor region, int positionAxis, int[] absolute) {
    long[] one = region.shape();
    one[positionAxis] = 1;
    one[0] = 1;
    List<Tensor> parts = new ArrayList<>();
    for (int position : absolute) {
      long seed = noise.seed() * 0x9E3779B97F4A7C15L + layer * 0xC2B2AE3D27D4EB4FL + position;
      parts.add(Torch.randn(seed, one));
    }
    return Torch.cat(parts, positionAxis).mul(noise.deviation()).to(region.dtype());
  }

  private static Tensor mask(Op.Mask mask, Point point, Tensor region, TokenMap tokens) {
    int source = point.axis(Axis.SOURCE);
    int columns = (int) region.size(source);
    int[] blocked = mask.sources().within(0, columns, tokens);
    boolean[] flags = new boolean[columns];
    for (int column : blocked) {
      flags[column] = true;
    }
    Tensor masked = region.maskedFill(Tensor.of(flags, columns), Double.NEGATIVE_INFINITY);
    if (!Double.isFinite(masked.amax(source).to(DType.FLOAT64).neg().max().item())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the mask leaves some position nothing to attend to",
          "Leave at least one allowed position in every row, for example the first token.");
    }
    return masked;
  }

  private static Tensor project(Op.Project project, Tensor region) {
    Tensor direction = load(project.direction()).to(region.dtype());
    Tensor share = region.mul(direction).sum(-1).unsqueeze(-1).div(direction.square().sum());
    Tensor used =
        switch (project.when()) {
          case ALWAYS -> share;
          case POSITIVE -> share.clampMin(0);
        };
    return region.sub(used.mul(direction).mul(project.strength()));
  }
}
