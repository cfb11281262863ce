package dev.lynceus.model.vit;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.model.stack.Block;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A vision transformer of the CLIP or SigLIP kind.
public final class Vit implements Tower {
  private final VitConfig config;
  private final VitWeights weights;
  private final Block block;

  public Vit(VitConfig config, VitWeights weights) {
    this.config = config;
    this.weights = weights;
    this.block = new Block(Stack.VISION, config.shape().heads(), Block.Order.BEFORE);
  }

  /// Sizes and switches.
  public VitConfig config() {
    return config;
  }

  @Override
  public String family() {
    return config.family();
  }

  @Override
  public StackShape shape() {
    return config.shape();
  }

  @Override
  public int channels() {
    return config.channels();
  }

  @Override
  public int patchSize() {
    return config.patchSize();
  }

  @Override
  public OptionalInt imageSize() {
    return OptionalInt.of(config.imageSize());
  }

  @Override
  public boolean has(Point point) {
    return switch (point.site()) {
      case POS_EMBED -> point.stack() == Stack.VISION;
      case LN_PRE -> weights.before() != null;
      case LN_POST -> weights.after() != null;
      default ->
          point.stack() == Stack.VISION
              && Block.has(point.site(), weights.layers().getFirst(), false);
    };
  }

  /// What each position of a view is.
  public TokenMap tokens() {
    return TokenMap.view(config.grid(), config.grid(), config.classToken() ? 1 : 0, 0);
  }

  /// The patches of a view, before a class token joins them.
  public TokenMap patches() {
    return TokenMap.view(config.grid(), config.grid(), 0, 0);
  }

  /// The pixels of some views as one tensor, `[views, channels, height, width]`.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if a view has not the size that the tower takes
  public Tensor pixels(List<ProcessedImage> views, DType dtype) {
    int side = config.imageSize();
    List<Tensor> pixels = new ArrayList<>();
    for (ProcessedImage view : views) {
      if (view.height() != side || view.width() != side) {
        throw new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            "preprocessor_config.json makes %d x %d pixels, the tower takes %d x %d"
                .formatted(view.height(), view.width(), side, side),
            "Use the preprocessor_config.json that belongs to this checkpoint.");
      }
      pixels.add(Tensor.of(view.pixels(), view.channels(), view.height(), view.width()));
    }
    return Torch.stack(pixels, 0).to(dtype);
  }

  /// Hidden states of chosen depths.
  ///
  /// @param pixels `[images, channels, height, width]`, in the type of the arithmetic
  /// @param depths which hidden states: 0 = input of the first layer, i = output of layer i - 1
  /// @return per depth, in the given order: `[images, positions, width]`
  public List<Tensor> forward(Tensor pixels, int[] depths, Tap tap) {
    int deepest = tap.deepest(Stack.VISION, config.layers()) + 1;
    for (int depth : depths) {
      deepest = Math.max(deepest, depth);
    }
    Tensor x = embed(tap.at(Point.vision(Site.PIXELS), pixels), tap);
    List<Tensor> states = new ArrayList<>(List.of(x));
    for (int l = 0; l < deepest; l++) {
      try (Scope scope = Scope.open()) {
        x = scope.keep(block.forward(l, weights.layers().get(l), x, Surroundings.OPEN, tap));
      }
      states.add(x);
    }
    List<Tensor> chosen = new ArrayList<>();
    for (int depth : depths) {
      chosen.add(states.get(depth));
    }
    return chosen;
  }

  /// What leaves the last layer of a tower that sees some patches only.
  ///
  /// @param pixels `[images, channels, height, width]`, in the type of the arithmetic
  /// @param patches numbers of the patches, in the order in which they shall stand
  /// @return `[images, 1 + patches, width]`: the class token first
  public Tensor some(Tensor pixels, int[] patches, Tap tap) {
    int[] rows = new int[1 + patches.length];
    for (int i = 0; i < patches.length; i++) {
      rows[1 + i] = 1 + patches[i];
    }
    Tensor all = embed(tap.at(Point.vision(Site.PIXELS), pixels), tap);
    Tensor x = all.indexSelect(1, Tensor.indices(rows));
    for (int l = 0; l < config.layers(); l++) {
      try (Scope scope = Scope.open()) {
        x = scope.keep(block.forward(l, weights.layers().get(l), x, Surroundings.OPEN, tap));
      }
    }
    return x;
  }

  /// What the last layer gave, through the norm after it where the tower has one.
  public Tensor finished(Tensor last, Tap tap) {
    return weights.after() == null
        ? last
        : tap.at(Point.vision(Site.LN_POST), weights.after().apply(last));
  }

  private Tensor embed(Tensor pixels, Tap tap) {
    Tensor patches = patches(pixels);
    Tensor x = tap.at(Point.vision(Site.PATCH_EMBED), patches);
    if (weights.classToken() != null) {
      Tensor token =
          weights.classToken().to(x.dtype()).reshape(1, 1, -1).expand(x.size(0), 1, config.width());
      x = Torch.cat(List.of(token, x), 1);
    }
    Tensor stored = weights.positions().to(x.dtype()).unsqueeze(0);
    // What a run keeps may outlive the mapped weights, and is the same for all views.
    Tensor positions =
        tap.wants(Point.vision(Site.POS_EMBED), 0)
            ? tap.at(
                Point.vision(Site.POS_EMBED),
                stored.expand(x.size(0), stored.size(1), stored.size(2)).copy())
            : stored;
    x = tap.at(Point.vision(Site.EMBED), x.add(positions));
    return weights.before() == null
        ? x
        : tap.at(Point.vision(Site.LN_PRE), weights.before().apply(x));
  }

  /// The picture cut into patches, each times the same matrix, `[images, patches, width]`.
  private Tensor patches(Tensor pixels) {
    Tensor weight = weights.patch().to(pixels.dtype());
    Tensor bias = weights.patchBias() == null ? null : weights.patchBias().to(pixels.dtype());
    if (!pixels.recordsGradient()) {
      return Torch.conv2d(pixels, weight, bias, config.patchSize()).flatten(2, 3).transpose(1, 2);
    }
    // Going back, one product serves where a convolution would do one for each picture.
    long size = config.patchSize();
    long rows = pixels.size(2) / size;
    long columns = pixels.size(3) / size;
    Tensor cut =
        pixels
            .narrow(2, 0, rows * size)
            .narrow(3, 0, columns * size)
            .reshape(pixels.size(0), pixels.size(1), rows, size, columns, size)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(pixels.size(0), rows * columns, -1);
    return Torch.linear(cut, weight.reshape(weight.size(0), -1), bias);
  }
}
