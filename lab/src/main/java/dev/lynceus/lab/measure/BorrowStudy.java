package dev.lynceus.lab.measure;

import dev.lynceus.method.Target;
import dev.lynceus.method.evidence.MapRegion;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Asks for the colour of a thing that is not there and finds out whose colour is named: by the
/// scene, by maps of the word, and by taking things away.
final class BorrowStudy {
  private static final List<PatchMethod> METHODS =
      PatchMethod.named("top-heads,log-increase,seeing-head,average-attention");

  /// Pictures that are encoded at once.
  private static final int PICTURES = 32;

  private static final int SHOWN = 3;

  /// Regions of one shape that one is drawn from.
  private static final int MOST = 64;

  private final LoadedModel model;
  private final float[] blank;
  private final Progress progress;
  private final int[] colours;

  /// @param blank what takes the place of a visual token, `[width]`
  BorrowStudy(LoadedModel model, float[] blank, Progress progress) {
    this.model = model;
    this.blank = blank;
    this.progress = progress;
    this.colours =
        Arrays.stream(Colour.values())
            .mapToInt(colour -> Twin.word(model.tokenizer(), colour.word()))
            .toArray();
  }

  /// An answer that names the colour of a thing of the picture.
  ///
  /// @param pointing of each method: at the owner, and at each other thing
  /// @param after the tokens that are most probable without: nothing, the owner, another thing, as
  ///   many patches of the background, the region of the first map, one of its shape elsewhere
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  private record Case(List<Pointing[]> pointing, int[] after, boolean passed) {}

  /// Measures the first scenes of a seed.
  Borrowed measure(long seed, int scenes) {
    Exam exam = Twin.exam(seed);
    List<Case> cases = new ArrayList<>();
    List<Borrowed.Shown> shown = new ArrayList<>();
    int elsewhere = 0;
    int asked = 0;
    for (int start = 0; start < scenes; start += PICTURES) {
      // One scene more, for the control of the last.
      List<Scene> some =
          IntStream.rangeClosed(start, Math.min(scenes, start + PICTURES))
              .mapToObj(exam::scene)
              .toList();
      try (Pictures pictures = new Pictures(model, some)) {
        for (int i = 0; i + 1 < some.size(); i++) {
          Exchange exchange = absent(pictures, i, some.get(i), exam.random(start + (long) i));
          int said = said(pictures, exchange);
          asked++;
          elsewhere += owner(some.get(i + 1), said).isPresent() ? 1 : 0;
          OptionalInt owner = owner(some.get(i), said);
          if (owner.isPresent()) {
            Asked one =
                new Asked(start + (long) i, some.get(i), exchange, said, owner.getAsInt(), i);
            cases.add(one(pictures, one, shown));
          }
          progress.at("colours of absent things, seed " + seed, asked, scenes);
        }
      }
    }
    return report(seed, asked, elsewhere, cases, shown);
  }

  private record Asked(
      long number, Scene scene, Exchange exchange, int said, int owner, int picture) {}

  /// The question for the colour of a thing that is not there, answered with any colour: what
  /// matters is the prompt up to it.
  private static Exchange absent(
      Pictures pictures, int picture, Scene scene, SplittableRandom random) {
    List<String> missing =
        Silhouette.names().stream()
            .filter(noun -> scene.items().stream().noneMatch(item -> item.noun().equals(noun)))
            .toList();
    String noun = missing.get(random.nextInt(missing.size()));
    String before = "The color of the " + noun + " is ";
    String colour = Colour.RED.word();
    return Exchange.about(
        pictures,
        picture,
        new Question(
            Kind.COLOUR,
            "What is the color of the " + noun + "?",
            before + colour + ".",
            before.length(),
            before.length() + colour.length(),
            List.of()));
  }

  private static int said(Pictures pictures, Exchange exchange) {
    Prompt prompt = exchange.untilKey();
    try (Scope scope = Scope.open();
        Run run =
            pictures.run(
                List.of(prompt), new int[] {exchange.picture()}, Capture.NONE, List.of())) {
      return run.logits().argmax(1).toInts()[0];
    }
  }

  /// The thing of a scene that has the colour of a token.
  private OptionalInt owner(Scene scene, int token) {
    return IntStream.range(0, scene.items().size())
        .filter(i -> colours[scene.items().get(i).colour().ordinal()] == token)
        .findFirst();
  }

  private Case one(Pictures pictures, Asked asked, List<Borrowed.Shown> shown) {
    Prompt prompt = asked.exchange.untilKey();
    TokenMap.View view = prompt.tokens().views().getFirst();
    List<Item> items = asked.scene.items();
    List<Pointing[]> pointing = new ArrayList<>();
    double[] first = new double[0];
    for (PatchMethod method : METHODS) {
      double[] map = map(pictures, asked, prompt, view, method);
      first = pointing.isEmpty() ? map : first;
      pointing.add(
          items.stream()
              .map(item -> Pointing.of(map, view.tile(), item.box().region()))
              .toArray(Pointing[]::new));
    }
    SplittableRandom random = new SplittableRandom(asked.number * 7 + 3).split();
    int other = (asked.owner + 1 + random.nextInt(items.size() - 1)) % items.size();
    boolean[] own = touched(view.tile(), items.get(asked.owner));
    int rows = view.tile().rows();
    int columns = view.tile().columns();
    boolean[] pointed = MapRegion.ringed(MapRegion.of(first, rows, columns), rows, columns);
    List<boolean[]> elsewhere = MapRegion.elsewhere(pointed, rows, columns, MOST);
    if (elsewhere.isEmpty()) {
      elsewhere = List.of(ground(asked.scene, view.tile(), pointed, random));
    }
    int[] after =
        new Erasing(pictures, blank)
            .answers(
                prompt,
                asked.picture,
                view,
                List.of(
                    new boolean[own.length],
                    own,
                    touched(view.tile(), items.get(other)),
                    ground(asked.scene, view.tile(), own, random),
                    pointed,
                    elsewhere.get(random.nextInt(elsewhere.size()))));
    OptionalInt next = owner(asked.scene, after[1]);
    if (shown.size() < SHOWN) {
      shown.add(shown(asked, view, first, after[1]));
    }
    Pointing[][] sorted = pointing.toArray(Pointing[][]::new);
    for (Pointing[] row : sorted) {
      // The owner first.
      Pointing kept = row[0];
      row[0] = row[asked.owner];
      row[asked.owner] = kept;
    }
    return new Case(List.of(sorted), after, next.isPresent() && next.getAsInt() != asked.owner);
  }

  private double[] map(
      Pictures pictures, Asked asked, Prompt prompt, TokenMap.View view, PatchMethod method) {
    int row = prompt.length() - 1;
    try (Scope scope = Scope.open();
        Run run =
            pictures.run(
                List.of(prompt),
                pictures.merged(List.of(prompt), new int[] {asked.picture}),
                method.capture(model, row),
                List.of())) {
      return method
          .map(run, Target.token("", row, asked.said), view, new SplittableRandom(1))
          .values();
    }
  }

  private Borrowed.Shown shown(Asked asked, TokenMap.View view, double[] map, int after) {
    Item owner = asked.scene.items().get(asked.owner);
    Box box = owner.box();
    return new Borrowed.Shown(
        asked.number,
        asked.exchange.prompt().question(),
        model.tokenizer().text(asked.said).strip(),
        owner.noun(),
        model.tokenizer().text(after).strip(),
        List.of(box.left(), box.top(), box.right(), box.bottom()),
        view.tile().rows(),
        view.tile().columns(),
        Arrays.stream(map).boxed().toList());
  }

  private static boolean[] touched(TokenMap.Tile tile, Item item) {
    boolean[] flags = new boolean[tile.patches()];
    for (int p = 0; p < flags.length; p++) {
      flags[p] = Pointing.shared(tile, p, item.box().region()) > 0;
    }
    return flags;
  }

  /// As many random patches of the background as `like` has.
  private static boolean[] ground(
      Scene scene, TokenMap.Tile tile, boolean[] like, SplittableRandom random) {
    int count = (int) IntStream.range(0, like.length).filter(p -> like[p]).count();
    int[] ground = PatchStudy.ground(scene, tile);
    double[] lots = random.doubles(ground.length).toArray();
    boolean[] flags = new boolean[like.length];
    Arrays.stream(Ranks.ranking(lots)).limit(count).forEach(i -> flags[ground[i]] = true);
    return flags;
  }

  private static Borrowed report(
      long seed, int asked, int elsewhere, List<Case> cases, List<Borrowed.Shown> shown) {
    List<Borrowed.Pointed> maps = new ArrayList<>();
    for (int m = 0; m < METHODS.size(); m++) {
      int method = m;
      maps.add(
          new Borrowed.Pointed(
              METHODS.get(m).name(),
              Estimate.mean(
                  cases.stream().mapToDouble(c -> c.pointing.get(method)[0].hit()).toArray()),
              Estimate.mean(
                  cases.stream()
                      .mapToDouble(c ->
                          Arrays.stream(c.pointing.get(method))
                              .skip(1)
                              .mapToDouble(Pointing::hit)
                              .average()
                              .orElse(Double.NaN))
                      .toArray()),
              Estimate.mean(
                  cases.stream().mapToDouble(c -> c.pointing.get(method)[0].chance()).toArray())));
    }
    String[] names = {
      "owner", "another thing", "background", "where the map points", "that shape elsewhere"
    };
    List<Borrowed.Blank> blanks = new ArrayList<>();
    for (int n = 0; n < names.length; n++) {
      int choice = n + 1;
      int changed = (int) cases.stream().filter(c -> c.after[choice] != c.after[0]).count();
      blanks.add(new Borrowed.Blank(names[n], Share.of(changed, cases.size())));
    }
    int changed = (int) cases.stream().filter(c -> c.after[1] != c.after[0]).count();
    int passed = (int) cases.stream().filter(c -> c.passed).count();
    return new Borrowed(
        seed,
        asked,
        Share.of(cases.size(), asked),
        Share.of(elsewhere, asked),
        maps,
        blanks,
        Share.of(passed, changed),
        shown);
  }
}
