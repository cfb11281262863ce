package dev.lynceus.lab.mark;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.AttentionMask;
import dev.lynceus.lab.picture.Mask;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Contrast;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/// Applies operators to one picture and one question, and measures what each does: its effect on
/// the answer, beside regions of the same shape elsewhere; attention into the region; what else
/// changes; what the mark does by its own patches.
///
/// ```java
/// MarkStudy study = new MarkStudy(Asking.of(model), image, regions, question, Wording.USUAL, Style.USUAL,
///     MarkSettings.of(MarkOperator.named("box,crg")), Progress.NONE);
/// MarkReport report = study.measure();
/// ```
public final class MarkStudy {
  private final Asking asking;
  private final RgbImage image;
  private final List<Region> regions;
  private final MarkSettings settings;
  private final Progress progress;
  private final Markers markers;
  private final Prompt clean;
  private final int[] ids;
  private final String said;
  private final String answer;
  private final List<Region> controls;
  private final List<String> notes = new ArrayList<>();
  private final Optional<AttentionPrompt> map;
  private long done;

  /// Asks the model without a mark.
  ///
  /// @param regions at least one; the first is spoken of
  /// @throws LynceusException BAD_REQUEST for a region without pixels, or an empty answer
  public MarkStudy(
      Asking asking,
      RgbImage image,
      List<Region> regions,
      String question,
      Wording wording,
      Style style,
      MarkSettings settings,
      Progress progress) {
    this.asking = asking;
    this.image = image;
    this.regions = List.copyOf(regions);
    this.settings = settings;
    this.progress = progress;
    LoadedModel model = asking.model();
    if (regions.isEmpty() || mask(regions.getFirst()).isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the region has no pixel of a picture of %d x %d pixels"
              .formatted(image.width(), image.height()),
          "Give a region inside of the picture.");
    }
    this.clean = asking.prompt(question, List.of(image));
    this.markers =
        new Markers(image, seen(model, clean), question, wording, style, settings.alpha());
    Generation.Answer own;
    try (Generation generation =
        model.generate(clean, GenerationOptions.greedy(settings.maxTokens()), Capture.NONE)) {
      own = generation.answer();
    }
    this.said = own.text().strip();
    this.ids =
        settings
            .answer()
            .map(text ->
                model.tokenizer().wordIds(text).stream().mapToInt(Integer::intValue).toArray())
            .orElseGet(own::ids);
    this.answer = settings.answer().orElse(said);
    if (ids.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answers nothing, so there is no answer to measure",
          "Give one with --answer.");
    }
    this.controls =
        Controls.of(
            regions.getFirst(),
            image.width(),
            image.height(),
            settings.controls(),
            settings.seed());
    if (controls.size() < settings.controls()) {
      notes.add(
          controls.isEmpty()
              ? "No region of this shape fits beside the region, so nothing is known of specificity."
              : "Only %d regions of this shape fit beside the region.".formatted(controls.size()));
    }
    this.map =
        settings.operators().contains(MarkOperator.API) ? Optional.of(map()) : Optional.empty();
  }

  private AttentionPrompt map() {
    progress.at("map", 0, 0);
    return settings
        .map()
        .map(name ->
            AttentionPrompt.of(
                asking.model(),
                clean,
                PatchMethod.named(name).getFirst(),
                settings.maxTokens(),
                settings.seed()))
        .orElseGet(() ->
            AttentionPrompt.attention(
                asking.model(), clean, settings.layer(), settings.maxTokens()));
  }

  /// What the model sees of the picture, in its pixels.
  private Region.Box seen(LoadedModel model, Prompt prompt) {
    List<TokenMap.View> views = Pull.views(model, prompt);
    if (views.isEmpty()) {
      return new Region.Box(0, 0, image.width(), image.height());
    }
    TokenMap.Tile tile = Pull.widest(views).tile();
    return new Region.Box(
        tile.left(), tile.top(), tile.left() + tile.seenWidth(), tile.top() + tile.seenHeight());
  }

  private Mask mask(Region region) {
    return region.mask(image.width(), image.height());
  }

  /// The picture and question with an operator.
  public Marked marked(MarkOperator operator) {
    return markers.apply(operator, regions, map.map(AttentionPrompt::mask));
  }

  /// The map of attention prompting, where it is one of the operators.
  public Optional<AttentionPrompt> attention() {
    return map;
  }

  /// The picture without a mark.
  public RgbImage image() {
    return image;
  }

  /// The control regions.
  public List<Region> controls() {
    return controls;
  }

  /// Measures all that was asked for.
  ///
  /// @throws LynceusException CANCELLED
  public MarkReport measure() {
    boolean pulls = Pull.known(asking.model(), clean);
    if (!pulls) {
      notes.add(
          "Attention into the region is not measured: no patches of the picture stand among the words"
              + " of this model.");
    }
    Passed unmarked = pass(clean, Optional.empty(), pulls);
    double base = unmarked.log();
    List<MarkReport.Row> rows = new ArrayList<>();
    for (MarkOperator operator : settings.operators()) {
      rows.add(row(operator, unmarked));
    }
    List<MarkReport.Sweep> sweeps =
        settings.sweep()
            ? new StyleSweep(markers, regions, controls, marked -> effect(marked, base), this::step)
                .of(settings.operators())
            : List.of();
    return new MarkReport(
        markers.question(),
        said,
        answer,
        base,
        image.width(),
        image.height(),
        regions.stream().map(Region::text).toList(),
        mask(regions.getFirst()).area(),
        controls.stream().map(Region::text).toList(),
        map.map(AttentionPrompt::text).orElse(""),
        rows,
        sweeps,
        notes);
  }

  private MarkReport.Row row(MarkOperator operator, Passed unmarked) {
    Marked marked = marked(operator);
    Prompt prompt = asking.prompt(marked.question(), marked.pictures());
    boolean still = marked.chains().getFirst().place(image.width(), image.height()).isStill();
    boolean decodes = operator.acts() == MarkOperator.Acts.DECODING;
    boolean sees = unmarked.attention().isPresent() && still && !decodes;
    step(operator.label());
    Passed passed = pass(prompt, contrast(marked), sees);
    double effect = passed.log() - unmarked.log();
    List<Double> effects = new ArrayList<>();
    List<double[]> pulled = new ArrayList<>();
    List<Marked> others = controls(operator);
    for (int i = 0; i < others.size(); i++) {
      step(operator.label());
      Marked other = others.get(i);
      boolean pulls = sees && operator.acts() == MarkOperator.Acts.PICTURE;
      Passed one = pass(asking.prompt(other.question(), other.pictures()), contrast(other), pulls);
      effects.add(one.log() - unmarked.log());
      if (pulls) {
        Mask own = mask(controls.get(i));
        pulled.add(
            difference(
                one.attention().orElseThrow().into(own),
                unmarked.attention().orElseThrow().into(own)));
      }
    }
    String now = say(prompt, contrast(marked));
    double mean = effects.stream().mapToDouble(e -> e).average().orElse(Double.NaN);
    Mask region = mask(regions.getFirst());
    boolean picture = still && !decodes && marked.question().equals(markers.question());
    return new MarkReport.Row(
        operator.label(),
        operator.what(),
        marked.question(),
        marked.json(),
        now,
        !now.equals(said),
        effect,
        effects,
        mean,
        effect - mean,
        sees
            ? layers(
                unmarked.attention().orElseThrow().into(region),
                passed.attention().orElseThrow().into(region),
                pulled)
            : List.of(),
        still ? Distortion.pixels(image, marked.picture()) : Double.NaN,
        settings.elsewhere().map(question -> divergence(marked, question)),
        picture ? OwnEffect.of(asking.model(), clean, prompt, ids) : Optional.empty(),
        settings.refer().map(refer -> referred(refer, operator)));
  }

  /// What one pass over prompt and answer told.
  private record Passed(double log, Optional<Pull.Attention> attention) {}

  private Passed pass(Prompt prompt, Optional<Contrast> contrast, boolean pulls) {
    if (!pulls) {
      return new Passed(Forced.of(asking.model(), prompt, contrast, ids).log(), Optional.empty());
    }
    Capture both = Forced.capture(prompt).and(Pull.capture(prompt));
    try (Run run = asking.model().run(Forced.before(prompt, ids), both)) {
      return new Passed(Forced.of(run, ids).log(), Optional.of(Pull.of(run)));
    }
  }

  /// Pictures and questions that are made and tried, each with its marks.
  public long marks() {
    return settings.marks(controls.size());
  }

  private void step(String operator) {
    progress.at("marks", ++done, marks());
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "stopped at operator " + operator,
          "Name fewer operators, or fewer controls.");
    }
  }

  private List<Region> swapped(Region first) {
    List<Region> all = new ArrayList<>(regions);
    all.set(0, first);
    return all;
  }

  /// The same operator elsewhere: with each control region, or with the map carried elsewhere.
  private List<Marked> controls(MarkOperator operator) {
    return switch (operator.acts()) {
      case PICTURE, CUT, QUESTION, DECODING ->
          controls.stream()
              .map(region -> markers.apply(operator, swapped(region), Optional.empty()))
              .toList();
      case WHOLE -> List.of();
      case MAP -> {
        AttentionPrompt own = map.orElseThrow();
        SplittableRandom random = new SplittableRandom(settings.seed());
        List<Marked> rolled = new ArrayList<>();
        for (int i = 0; i < settings.controls(); i++) {
          AttentionMask mask =
              own.rolled(
                      own.rows() > 1 ? random.nextInt(1, own.rows()) : 0,
                      own.columns() > 1 ? random.nextInt(1, own.columns()) : 0)
                  .mask();
          rolled.add(markers.apply(operator, regions, Optional.of(mask)));
        }
        yield rolled;
      }
    };
  }

  private Optional<Contrast> contrast(Marked marked) {
    return marked
        .against()
        .map(other ->
            new Contrast(
                asking.prompt(marked.question(), List.of(other)), marked.alpha().orElseThrow()));
  }

  private double effect(Marked marked, double base) {
    Prompt prompt = asking.prompt(marked.question(), marked.pictures());
    return Forced.of(asking.model(), prompt, contrast(marked), ids).log() - base;
  }

  private String say(Prompt prompt, Optional<Contrast> contrast) {
    GenerationOptions options = GenerationOptions.greedy(settings.maxTokens());
    try (Generation generation =
        contrast.isPresent()
            ? asking.model().generate(prompt, contrast.get(), options)
            : asking.model().generate(prompt, options, Capture.NONE)) {
      return generation.answer().text().strip();
    }
  }

  private static double[] difference(double[] after, double[] before) {
    double[] change = new double[after.length];
    for (int i = 0; i < change.length; i++) {
      change[i] = after[i] - before[i];
    }
    return change;
  }

  private static List<MarkReport.LayerPull> layers(
      double[] clean, double[] marked, List<double[]> controls) {
    List<MarkReport.LayerPull> layers = new ArrayList<>();
    for (int l = 0; l < clean.length; l++) {
      int layer = l;
      OptionalDouble mean = controls.stream().mapToDouble(one -> one[layer]).average();
      layers.add(new MarkReport.LayerPull(l, clean[l], marked[l], mean.orElse(Double.NaN)));
    }
    return layers;
  }

  private double divergence(Marked marked, String question) {
    Prompt before = asking.prompt(question, List.of(image));
    Markers other = markers.asking(question);
    Marked asked = other.apply(marked.operator(), regions, map.map(AttentionPrompt::mask));
    return Distortion.divergence(
        asking.model(),
        before,
        asking.prompt(asked.question(), asked.pictures()),
        contrast(asked),
        settings.maxTokens());
  }

  private MarkReport.Referred referred(MarkSettings.Refer refer, MarkOperator operator) {
    Marked asked =
        markers.asking(refer.question()).apply(operator, regions, map.map(AttentionPrompt::mask));
    Chosen without =
        Chosen.of(
            asking.model(),
            asking.prompt(refer.question(), List.of(image)),
            Optional.empty(),
            refer.candidates());
    Chosen with =
        Chosen.of(
            asking.model(),
            asking.prompt(asked.question(), asked.pictures()),
            contrast(asked),
            refer.candidates());
    return new MarkReport.Referred(
        asked.question(),
        refer.label(),
        without.of(refer.label()),
        with.of(refer.label()),
        without.best(),
        with.best());
  }
}
