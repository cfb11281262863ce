package dev.lynceus.pupil.world;

import dev.lynceus.image.Resample;
import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Makes one scene: chooses things, colours and places, draws them. Everything follows from the
/// random generator that it is given.
final class SceneMaker {
  /// Largest deviation of each channel of a thing's colour from the named one.
  private static final int JITTER = 16;

  /// Pixels between two boxes, and between a box and the edge.
  private static final int GAP = 2;

  private static final int ATTEMPTS = 60;

  private final SceneRecipe recipe;
  private final RandomGenerator random;

  SceneMaker(SceneRecipe recipe, SplittableRandom random) {
    this.recipe = recipe;
    this.random = random;
  }

  Scene make() {
    while (true) {
      int count = random.nextInt(recipe.least(), recipe.most() + 1);
      List<Item> items = items(chosen(count));
      if (items.size() == count) {
        return draw(items);
      }
      // The things did not fit: others may.
    }
  }

  /// The scene with the same things in the same places and other colours.
  ///
  /// @param colours one for each thing
  Scene recoloured(Scene scene, List<Colour> colours) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < colours.size(); i++) {
      Item old = scene.items().get(i);
      Colour colour = colours.get(i);
      items.add(
          new Item(
              old.noun(),
              colour,
              shade(colour),
              old.box(),
              old.mask(),
              old.degrees(),
              old.mirrored()));
    }
    return draw(items);
  }

  /// A thing and its colour, before it has a place.
  private record Choice(Silhouette silhouette, Colour colour) {}

  private List<Choice> chosen(int count) {
    List<Integer> nouns = new ArrayList<>();
    for (int i = 0; i < Silhouette.all().size(); i++) {
      nouns.add(i);
    }
    Collections.shuffle(nouns, random);
    List<Choice> choices = new ArrayList<>();
    for (int noun : nouns.subList(0, count)) {
      List<Colour> allowed = new ArrayList<>();
      List<Colour> used = choices.stream().map(Choice::colour).distinct().toList();
      boolean repeat = !used.isEmpty() && random.nextDouble() < recipe.repeat();
      for (Colour colour : Colour.values()) {
        if (recipe.pairs().has(noun, colour) && used.contains(colour) == repeat) {
          allowed.add(colour);
        }
      }
      if (!allowed.isEmpty()) {
        choices.add(
            new Choice(Silhouette.all().get(noun), allowed.get(random.nextInt(allowed.size()))));
      }
    }
    return choices;
  }

  private List<Item> items(List<Choice> choices) {
    List<Item> items = new ArrayList<>();
    for (Choice choice : choices) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Item item = placed(choice);
        if (items.stream().noneMatch(other -> other.box().near(item.box(), GAP))) {
          items.add(item);
          break;
        }
      }
    }
    return items;
  }

  private Item placed(Choice choice) {
    int[] sizes = recipe.sizes();
    int side = sizes[0] + sizes[2] * random.nextInt((sizes[1] - sizes[0]) / sizes[2] + 1);
    double degrees = recipe.turn() == 0 ? 0 : random.nextDouble(-recipe.turn(), recipe.turn());
    boolean mirrored = random.nextDouble() < .3;
    AffineTransform turn = AffineTransform.getRotateInstance(Math.toRadians(degrees));
    turn.scale(mirrored ? -1 : 1, 1);
    Shape turned = turn.createTransformedShape(choice.silhouette().outline());
    Rectangle2D bounds = turned.getBounds2D();
    double scale = side / Math.max(bounds.getWidth(), bounds.getHeight());
    double width = bounds.getWidth() * scale;
    double height = bounds.getHeight() * scale;
    double left = corner(width);
    double top = corner(height);
    AffineTransform fit = AffineTransform.getTranslateInstance(left, top);
    fit.scale(scale, scale);
    fit.translate(-bounds.getX(), -bounds.getY());
    byte[] mask = mask(fit.createTransformedShape(turned));
    return new Item(
        choice.silhouette().name(),
        choice.colour(),
        shade(choice.colour()),
        box(mask),
        mask,
        degrees,
        mirrored);
  }

  /// Left or top edge of a thing of that length, in the raster of the recipe.
  private double corner(double length) {
    int step = recipe.step();
    int last = (int) ((recipe.side() - (step == 1 ? GAP : 0) - length) / step);
    int first = step == 1 ? GAP : 0;
    return first + step * (double) random.nextInt(Math.max(1, last - (step == 1 ? GAP : 0) + 1));
  }

  private byte[] mask(Shape shape) {
    BufferedImage canvas =
        new BufferedImage(recipe.side(), recipe.side(), BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = canvas.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(java.awt.Color.WHITE);
    graphics.fill(shape);
    graphics.dispose();
    return ((DataBufferByte) canvas.getRaster().getDataBuffer()).getData().clone();
  }

  private Box box(byte[] mask) {
    int left = recipe.side();
    int top = recipe.side();
    int right = 0;
    int bottom = 0;
    for (int y = 0; y < recipe.side(); y++) {
      for (int x = 0; x < recipe.side(); x++) {
        if ((mask[y * recipe.side() + x] & 0xff) >= 128) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    return new Box(left, top, right, bottom);
  }

  private int shade(Colour colour) {
    int rgb = 0;
    for (int channel : colour.rgb()) {
      int value = channel + random.nextInt(-JITTER, JITTER + 1);
      rgb = rgb << 8 | Math.clamp(value, 0, 255);
    }
    return rgb;
  }

  private Scene draw(List<Item> items) {
    List<Background> kinds = List.copyOf(recipe.backgrounds().stream().sorted().toList());
    Background kind = kinds.get(random.nextInt(kinds.size()));
    byte[] samples = ground(kind, items.stream().map(Item::rgb).toList());
    for (Item item : items) {
      for (int i = 0; i < item.mask().length; i++) {
        int cover = item.mask()[i] & 0xff;
        if (cover == 0) {
          continue;
        }
        for (int c = 0; c < 3; c++) {
          int own = item.rgb() >> 16 - 8 * c & 0xff;
          int behind = samples[3 * i + c] & 0xff;
          samples[3 * i + c] = (byte) ((own * cover + behind * (255 - cover) + 127) / 255);
        }
      }
    }
    return new Scene(RgbImage.of(recipe.side(), recipe.side(), samples), items, kind);
  }

  /// The ground is drawn in the world's size; a larger picture shows the same ground, stretched.
  private byte[] ground(Background kind, List<Integer> things) {
    byte[] samples = new Ground(random).draw(kind, things);
    int side = recipe.side();
    return side == World.SIZE
        ? samples
        : Resample.resize(
                RgbImage.of(World.SIZE, World.SIZE, samples), side, side, ResampleFilter.BICUBIC)
            .toBytes();
  }
}
