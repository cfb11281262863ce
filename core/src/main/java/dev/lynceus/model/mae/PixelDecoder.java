package dev.lynceus.model.mae;

import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.stack.Block;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;

/// What makes pixels of what a tower saw: kept patches stand in their places, one learned vector in
/// the places of the others, a learned position is added to all, and layers as those of the tower
/// follow.
public final class PixelDecoder {
  private final Parts parts;
  private final StackShape shape;
  private final Block block;

  /// Its weights.
  ///
  /// @param enter `[width, width of the tower]`
  /// @param absent `[width]`, stands for a patch that was removed
  /// @param positions `[1 + patches, width]`
  /// @param leave `[numbers of a patch, width]`
  public record Parts(
      Linear enter,
      Tensor absent,
      Tensor positions,
      List<Layer> layers,
      Norm.Layer norm,
      Linear leave) {}

  public PixelDecoder(StackShape shape, Parts parts) {
    this.parts = parts;
    this.shape = shape;
    this.block = new Block(Stack.PIXELS, shape.heads(), Block.Order.BEFORE);
  }

  /// Takes its weights.
  ///
  /// @param w the view that holds `decoder_embed`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static PixelDecoder read(MaeConfig c, Weights w) {
    int width = c.decoder().width();
    // The second is how version 5 of the reference library writes what it has read.
    Weights below =
        w.hasBelow("decoder_encoder") ? w.at("decoder_encoder.layer") : w.at("decoder_layers");
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.decoder().layers(); l++) {
      layers.add(
          Mae.layer(
              new BertNames(below.at(Integer.toString(l)), width, c.vision().normEps()),
              c.decoder(),
              c));
    }
    return new PixelDecoder(
        c.decoder(),
        new Parts(
            Linear.read(w, "decoder_embed", width, c.vision().width()),
            w.get("mask_token", 1, 1, width).reshape(width).own(),
            w.get("decoder_pos_embed", 1, 1L + c.patches(), width).select(0, 0).own(),
            List.copyOf(layers),
            new BertNames(w, width, c.vision().normEps()).norm("decoder_norm"),
            Linear.read(w, "decoder_pred", c.numbers(), width)));
  }

  /// Sizes of its layers.
  public StackShape shape() {
    return shape;
  }

  /// Whether it has a place.
  public boolean has(Point point) {
    return point.stack() == Stack.PIXELS
        && switch (point.site()) {
          case EMBED, POS_EMBED, LN_POST -> true;
          default -> Block.has(point.site(), parts.layers().getFirst(), false);
        };
  }

  /// The pixels of all patches, kept ones too.
  ///
  /// @param seen what left the tower, class token first, `[images, 1 + kept, its width]`
  /// @return `[images, patches, numbers of a patch]`
  public Tensor forward(Tensor seen, Mask mask, Tap tap) {
    Tensor entered = parts.enter().apply(seen);
    long images = entered.size(0);
    int absent = mask.patches() - mask.kept().length;
    Tensor none =
        parts.absent().to(entered.dtype()).reshape(1, 1, -1).expand(images, absent, shape.width());
    Tensor shuffled =
        Torch.cat(List.of(entered.narrow(1, 1, mask.kept().length), none), 1)
            .indexSelect(1, Tensor.indices(mask.restore()));
    Tensor rows = tap.at(at(Site.EMBED), Torch.cat(List.of(entered.narrow(1, 0, 1), shuffled), 1));
    Tensor positions =
        parts
            .positions()
            .to(entered.dtype())
            .unsqueeze(0)
            .expand(images, 1L + mask.patches(), shape.width());
    // What a run keeps may outlive the mapped weights.
    Tensor placed =
        tap.wants(at(Site.POS_EMBED), 0) ? tap.at(at(Site.POS_EMBED), positions.copy()) : positions;
    Tensor x = rows.add(placed);
    for (int l = 0; l < shape.layers(); l++) {
      try (Scope scope = Scope.open()) {
        x = scope.keep(block.forward(l, parts.layers().get(l), x, Surroundings.OPEN, tap));
      }
    }
    Tensor finished = tap.at(at(Site.LN_POST), parts.norm().apply(x));
    return parts.leave().apply(finished.narrow(1, 1, mask.patches()).contiguous());
  }

  private static Point at(Site site) {
    return Point.of(Stack.PIXELS, site);
  }
}
