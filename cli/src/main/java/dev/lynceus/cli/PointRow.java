package dev.lynceus.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.lynceus.model.Model;
import dev.lynceus.model.Stacks;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.PointNames;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A point as tables show it.
///
/// @param point the point itself; not part of the JSON
/// @param name with `{l}` for the layer, or with the model's range of layers: `blocks.{0-3}.hook_z`
/// @param shape sizes; symbols where they depend on the input
/// @param writable whether interventions may change it
/// @param aliases module names of Hugging Face checkpoints that mean it
record PointRow(
    @JsonIgnore Point point,
    String name,
    String shape,
    boolean writable,
    String cost,
    String meaning,
    List<String> aliases) {

  /// All points, in symbols.
  static List<PointRow> all() {
    return Point.all().stream().map(PointRow::symbolic).toList();
  }

  /// A point in symbols.
  static PointRow symbolic(Point point) {
    return row(point, point.template(), point.shape());
  }

  /// The points that a model has, in its sizes.
  static List<PointRow> of(Stacks model) {
    return Point.all().stream()
        .filter(model::has)
        .map(point -> row(point, name(point, model), shape(point, model)))
        .toList();
  }

  private static PointRow row(Point point, String name, String shape) {
    return new PointRow(
        point,
        name,
        shape,
        point.writable(),
        point.cost().label(),
        point.meaning(),
        PointNames.aliases(point));
  }

  private static String name(Point point, Stacks model) {
    int layers = model.layers(point.stack());
    return point.template().replace("{l}", "{0-" + (layers - 1) + "}");
  }

  private static String shape(Point point, Stacks model) {
    Map<Axis, Integer> sizes =
        switch (point.stack()) {
          case DECODER -> decoder(point, ((Model) model).decoder().config());
          case QFORMER -> queries(model);
          case ENCODER -> encoder(model);
          case PIXELS -> pixels((Mae) model);
          case VISION, PROJECTOR -> tower(point, model);
        };
    return point.axes().stream()
        .map(axis -> sizes.containsKey(axis) ? String.valueOf(sizes.get(axis)) : axis.symbol())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static Map<Axis, Integer> decoder(Point point, TextConfig config) {
    Map<Axis, Integer> sizes = new EnumMap<>(Axis.class);
    sizes.put(Axis.HEAD, config.heads());
    sizes.put(Axis.KEY_HEAD, config.keyHeads());
    sizes.put(Axis.HEAD_WIDTH, config.headWidth());
    sizes.put(Axis.ROTATED, config.attention().rotated());
    sizes.put(Axis.MODEL, config.width(point));
    sizes.put(Axis.INNER, config.inner());
    sizes.put(Axis.VOCABULARY, config.scores());
    return sizes;
  }

  private static Map<Axis, Integer> queries(Stacks model) {
    QFormerConfig config = model.queries().orElseThrow().config();
    Map<Axis, Integer> sizes = new EnumMap<>(Axis.class);
    sizes.put(Axis.MEMORY, ((Vit) model.vision().orElseThrow()).config().positions());
    sizes.put(Axis.HEAD, config.heads());
    sizes.put(Axis.KEY_HEAD, config.heads());
    sizes.put(Axis.HEAD_WIDTH, config.width() / config.heads());
    sizes.put(Axis.MODEL, config.width());
    sizes.put(Axis.INNER, config.inner());
    return sizes;
  }

  private static Map<Axis, Integer> encoder(Stacks model) {
    StackShape shape = model.textEncoder().orElseThrow().config().shape();
    Map<Axis, Integer> sizes = new EnumMap<>(Axis.class);
    sizes.put(Axis.MEMORY, ((Vit) model.vision().orElseThrow()).config().positions());
    sizes.put(Axis.HEAD, shape.heads().count());
    sizes.put(Axis.KEY_HEAD, shape.heads().shared());
    sizes.put(Axis.HEAD_WIDTH, shape.heads().width());
    sizes.put(Axis.MODEL, shape.width());
    sizes.put(Axis.INNER, shape.inner());
    return sizes;
  }

  /// Whether a place of a tower holds the patches alone that a mask leaves.
  private static boolean masks(Stacks model, Point point) {
    return model instanceof Mae
        && switch (point.site()) {
          case POS_EMBED, EMBED -> false;
          default -> true;
        };
  }

  private static Map<Axis, Integer> pixels(Mae model) {
    StackShape shape = model.decoder().shape();
    Map<Axis, Integer> sizes = new EnumMap<>(Axis.class);
    sizes.put(Axis.POSITION, model.config().vision().positions());
    sizes.put(Axis.SOURCE, model.config().vision().positions());
    sizes.put(Axis.HEAD, shape.heads().count());
    sizes.put(Axis.KEY_HEAD, shape.heads().shared());
    sizes.put(Axis.HEAD_WIDTH, shape.heads().width());
    sizes.put(Axis.MODEL, shape.width());
    sizes.put(Axis.INNER, shape.inner());
    return sizes;
  }

  private static Map<Axis, Integer> tower(Point point, Stacks model) {
    Tower tower = model.vision().orElseThrow();
    StackShape shape = tower.shape();
    int text = model instanceof Model answering ? answering.decoder().config().width() : 0;
    boolean projector = point.stack() == Stack.PROJECTOR;
    Map<Axis, Integer> sizes = new EnumMap<>(Axis.class);
    if (tower instanceof Vit vit) {
      VitConfig config = vit.config();
      if (point == Point.vision(Site.PATCH_EMBED)) {
        sizes.put(Axis.POSITION, config.grid() * config.grid());
      } else if (!projector && point != Point.vision(Site.FEATURES) && !masks(model, point)) {
        sizes.put(Axis.POSITION, config.positions());
      }
      if (!masks(model, point)) {
        sizes.put(Axis.SOURCE, config.positions());
      }
    }
    sizes.put(Axis.HEAD, shape.heads().count());
    sizes.put(Axis.KEY_HEAD, shape.heads().count());
    sizes.put(Axis.HEAD_WIDTH, shape.heads().width());
    sizes.put(Axis.ROTATED, shape.heads().width());
    sizes.put(Axis.MODEL, projector ? text : shape.width());
    sizes.put(Axis.INNER, projector ? text : shape.inner());
    if (model instanceof VisionLanguageModel eyes) {
      sizes.put(Axis.JOINED, eyes.joinedWidth());
      sizes.put(Axis.INNER, projector ? eyes.projectorInner() : shape.inner());
    }
    sizes.put(Axis.CHANNEL, tower.channels());
    // Pictures of any size enter patch by patch.
    sizes.put(Axis.HEIGHT, tower.imageSize().orElse(tower.patchSize()));
    sizes.put(Axis.WIDTH, tower.imageSize().orElse(tower.patchSize()));
    return sizes;
  }
}
