package dev.lynceus.lab.mark;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.picture.AttentionMask;
import dev.lynceus.lab.picture.Mask;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Contrast;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Measures operators on scenes of the world of silhouettes, with two to four things of different
/// colours.
///
/// @param model that is asked
/// @param operators in their order
/// @param controls regions that each is compared with
/// @param progress told of every scene
public record MarkWorld(
    LoadedModel model, List<MarkOperator> operators, int controls, Progress progress) {
  private static final String REFER = "What is the color of the object?";

  /// Controls that are looked through for such as show nothing but background.
  private static final int LOOKED_THROUGH = 400;

  /// What one operator did in one scene.
  private record Found(
      double asked,
      double other,
      double control,
      double background,
      double referred,
      double unmarked) {}

  /// Measures.
  ///
  /// @throws LynceusException BAD_REQUEST for no scenes; CANCELLED
  public MarkWorldReport measure(int scenes, long seed) {
    if (scenes < 1 || controls < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d scenes with %d controls".formatted(scenes, controls),
          "Use at least one scene, and 0 or more controls.");
    }
    World world = new World(seed, SceneRecipe.FREE.withItems(2, 4).withRepeat(0));
    Map<MarkOperator, List<Found>> found = new LinkedHashMap<>();
    operators.forEach(operator -> found.put(operator, new ArrayList<>()));
    for (int number = 0; number < scenes; number++) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED, "stopped at scene " + number, "Ask for fewer scenes.");
      }
      progress.at("scenes", number, scenes);
      new One(world.scene(number), number).measure(found);
    }
    return new MarkWorldReport(
        scenes,
        seed,
        controls,
        found.entrySet().stream().map(one -> row(one.getKey(), one.getValue())).toList());
  }

  private static MarkWorldReport.Row row(MarkOperator operator, List<Found> found) {
    return new MarkWorldReport.Row(
        operator.label(),
        mean(found, Found::asked),
        mean(found, Found::other),
        mean(found, Found::control),
        mean(found, Found::background),
        mean(found, one -> one.asked - one.control),
        mean(found, one -> share(one.asked, one.other)),
        mean(found, one -> share(one.background, one.asked)),
        mean(found, Found::referred),
        mean(found, Found::unmarked));
  }

  private static double share(double one, double other) {
    return Double.isNaN(one) || Double.isNaN(other) ? Double.NaN : one > other ? 1 : 0;
  }

  private static Estimate mean(
      List<Found> found, java.util.function.ToDoubleFunction<Found> value) {
    return Estimate.mean(found.stream().mapToDouble(value).toArray());
  }

  /// One scene.
  private final class One {
    private final Scene scene;
    private final Asking asking = Asking.of(model);
    private final Markers markers;
    private final int[] ids;
    private final double base;
    private final List<Region> elsewhere;
    private final List<Region> background;
    private final List<String> colours;
    private final Prompt plain;

    One(Scene scene, long number) {
      this.scene = scene;
      Question question = Asker.colour(scene.facts(), 0).orElseThrow();
      this.plain = asking.prompt(question.text(), List.of(scene.image()));
      this.markers =
          new Markers(
              scene.image(),
              new Region.Box(0, 0, World.SIZE, World.SIZE),
              question.text(),
              Wording.USUAL,
              Style.USUAL,
              1);
      this.ids =
          model.tokenizer().wordIds(question.answer()).stream()
              .mapToInt(Integer::intValue)
              .toArray();
      this.base = Forced.of(model, plain, Optional.empty(), ids).log();
      Region asked = region(0);
      this.elsewhere = Controls.of(asked, World.SIZE, World.SIZE, controls, number);
      Mask things =
          scene.items().stream()
              .map(item -> box(item.box()).mask(World.SIZE, World.SIZE))
              .reduce(Mask::or)
              .orElseThrow();
      this.background =
          Controls.of(asked, World.SIZE, World.SIZE, LOOKED_THROUGH, number).stream()
              .filter(region -> !region.mask(World.SIZE, World.SIZE).meets(things))
              .limit(controls)
              .toList();
      this.colours = scene.items().stream().map(item -> item.colour().word()).distinct().toList();
    }

    private static Region box(Box box) {
      return new Region.Box(box.left(), box.top(), box.right(), box.bottom());
    }

    private Region region(int item) {
      return box(scene.items().get(item).box());
    }

    void measure(Map<MarkOperator, List<Found>> found) {
      double unmarked = referred(markers.asking(REFER), null, 0);
      Optional<AttentionPrompt> map =
          operators.contains(MarkOperator.API)
              ? Optional.of(AttentionPrompt.attention(model, plain, -1, 16))
              : Optional.empty();
      for (MarkOperator operator : operators) {
        boolean wordless = operator.acts() == MarkOperator.Acts.MAP;
        Optional<AttentionMask> mask = wordless ? map.map(AttentionPrompt::mask) : Optional.empty();
        double other = wordless ? Double.NaN : effect(operator, region(1), mask);
        found
            .computeIfAbsent(operator, key -> new ArrayList<>())
            .add(
                new Found(
                    effect(operator, region(0), mask),
                    other,
                    wordless ? rolled(map.orElseThrow()) : mean(operator, elsewhere),
                    wordless ? Double.NaN : mean(operator, background),
                    referred(markers.asking(REFER), operator, 0),
                    unmarked));
      }
    }

    private double mean(MarkOperator operator, List<Region> regions) {
      return regions.stream()
          .mapToDouble(region -> effect(operator, region, Optional.empty()))
          .average()
          .orElse(Double.NaN);
    }

    private double rolled(AttentionPrompt map) {
      double sum = 0;
      for (int i = 1; i <= controls; i++) {
        int down = i * map.rows() / (controls + 1);
        int right = (i * 3) % map.columns();
        sum += effect(MarkOperator.API, region(0), Optional.of(map.rolled(down, right).mask()));
      }
      return controls == 0 ? Double.NaN : sum / controls;
    }

    private double effect(MarkOperator operator, Region region, Optional<AttentionMask> mask) {
      Marked marked = markers.apply(operator, List.of(region), mask);
      return Forced.of(model, prompt(marked), contrast(marked), ids).log() - base;
    }

    private Prompt prompt(Marked marked) {
      return asking.prompt(marked.question(), marked.pictures());
    }

    private Optional<Contrast> contrast(Marked marked) {
      return marked
          .against()
          .map(other ->
              new Contrast(
                  asking.prompt(marked.question(), List.of(other)), marked.alpha().orElseThrow()));
    }

    /// Whether the colour of a thing is the most probable of those that are there.
    private double referred(
        Markers asked, @org.jspecify.annotations.Nullable MarkOperator operator, int item) {
      if (operator == MarkOperator.API) {
        return Double.NaN;
      }
      String right = scene.items().get(item).colour().word();
      Prompt prompt = asking.prompt(REFER, List.of(scene.image()));
      Optional<Contrast> contrast = Optional.empty();
      if (operator != null) {
        Marked marked = asked.apply(operator, List.of(region(item)), Optional.empty());
        prompt = prompt(marked);
        contrast = contrast(marked);
      }
      List<String> answers =
          colours.stream().map(colour -> "The color of the object is " + colour + ".").toList();
      String best = Chosen.of(model, prompt, contrast, answers).best();
      return best.equals("The color of the object is " + right + ".") ? 1 : 0;
    }
  }
}
