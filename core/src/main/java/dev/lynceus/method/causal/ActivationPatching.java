package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Spoken;
import dev.lynceus.model.Model;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.run.Entering;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Activation patching: a state of one run is put into another run of the same length, place by
/// place, and the answer is measured. What moves the answer carries what the runs differ in.
///
/// A cell at layer l and positions P is `m(base; s[l', P] := s_source[l', P] for l' in the window
/// around l)`; heads are patched one by one at the same positions. From Vig et al. 2020 and Meng et
/// al. 2022; the normalised effect `(m - m_base) / (m_source - m_base)` and both directions from
/// Zhang and Nanda 2023 (2309.16042).
///
/// @param site which state is carried
/// @param positions which positions; each is a column of its own, except for parts of a layer such
///   as heads, which are patched at all of them together
/// @param window layers that are patched together; 1 = each alone
/// @param severed whose later outputs at the patched position stay those of the changed run: with
///   `FEED_FORWARD` or `ATTENTION` the state acts by the other path alone, and what is lost came
///   along the severed one (the modified graph of Meng et al. 2022); for whole layers only
/// @param stack whose states are carried
public record ActivationPatching(
    Component site, String positions, int window, Optional<Component> severed, Stack stack) {

  public ActivationPatching {
    boolean fits =
        severed.isEmpty()
            || site == Component.LAYER
                && (severed.get() == Component.ATTENTION
                    || severed.get() == Component.FEED_FORWARD);
    if (!fits) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s is not severed from what later layers do"
              .formatted(site == Component.LAYER ? severed.orElseThrow().text() : site.text()),
          "Use --site layer, and sever attention or feed-forward.");
    }
  }

  /// In the decoder.
  public ActivationPatching(
      Component site, String positions, int window, Optional<Component> severed) {
    this(site, positions, window, severed, Stack.DECODER);
  }

  /// Nothing severed.
  public ActivationPatching(Component site, String positions, int window) {
    this(site, positions, window, Optional.empty());
  }

  /// The same in another stack.
  public ActivationPatching in(Stack other) {
    return new ActivationPatching(site, positions, window, severed, other);
  }

  /// What both runs must keep.
  public Capture capture(LoadedModel model) {
    Capture own = site.capture(model, stack);
    return severed.map(path -> own.and(Capture.request(path.in(stack)))).orElse(own);
  }

  /// Patches.
  ///
  /// @param base the run that is changed
  /// @param source the run that states are taken from
  /// @return rows are layers; columns positions, or heads
  /// @throws LynceusException BAD_REQUEST if the runs have not the same length
  public CausalMap explain(Run base, Run source, Readout readout, Job job) {
    List<List<Intervention>> replays = replays(base, source);
    int columns = columns(base).size();
    List<Measures> cells = job.run("patching", base, replays, readout);
    return map(
        "patch",
        base,
        readout.of(base),
        readout.of(source),
        CausalMap.grid(cells, columns),
        Optional.empty(),
        1,
        Optional.empty(),
        List.of());
  }

  /// The map of measured cells.
  CausalMap map(
      String method,
      Run base,
      Measures before,
      Measures other,
      List<List<Measures>> cells,
      Optional<List<List<Measures>>> spreads,
      int repeats,
      Optional<TotalEffect> gate,
      List<String> notes) {
    return new CausalMap(
        method,
        "%s taken from the other run, %s"
            .formatted(
                what(),
                (window == 1 ? "layer by layer" : "in windows of " + window + " layers")
                    + severed.map(path -> ", later " + path.label() + " held").orElse("")),
        before,
        Optional.of(other),
        site == Component.LAYER ? "after layer" : "layer",
        rows(base),
        site.column(),
        columns(base),
        cells,
        spreads,
        repeats,
        gate,
        notes);
  }

  String what() {
    String state = site.whole() ? site.text() : site.text() + " at " + Places.told(positions);
    return stack == Stack.DECODER ? state : state + ", " + stack.title().toLowerCase(Locale.ROOT);
  }

  /// For whole layers the input of the first one comes before them.
  List<String> rows(Run base) {
    List<String> rows = new ArrayList<>();
    if (site == Component.LAYER) {
      rows.add(Spoken.EMBEDDING);
    }
    rows.addAll(Places.numbers(shape(base).layers()));
    return rows;
  }

  List<String> columns(Run base) {
    return site.whole()
        ? Places.each(tokens(base), positions).stream().map(Places::label).toList()
        : Places.numbers(site.parts(shape(base)));
  }

  private StackShape shape(Run run) {
    Model model = run.model().model();
    return stack == Stack.ENCODER
        ? model.textEncoder().orElseThrow().config().shape()
        : model.decoder().config().shape();
  }

  /// What the positions of the stack are.
  private TokenMap tokens(Run run) {
    return stack == Stack.ENCODER ? run.batch().prompts().getFirst().beside() : run.tokens();
  }

  /// One list of changes for each cell, row by row.
  ///
  /// @throws LynceusException BAD_REQUEST for runs of different lengths, and for neurons: there are
  ///   too many to run each
  List<List<Intervention>> replays(Run base, Run source) {
    if (site == Component.NEURON) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d neurons are too many to be patched one by one"
              .formatted(shape(base).layers() * shape(base).inner()),
          "Use `lynceus attribute --site neuron`, which estimates all and patches the best.");
    }
    List<List<Intervention>> replays = new ArrayList<>();
    int rows = rows(base).size();
    int columns = columns(base).size();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        replays.add(cell(base, source, row, column));
      }
    }
    return replays;
  }

  /// The changes of one cell; new tensors belong to the scope that is open.
  ///
  /// @throws LynceusException BAD_REQUEST for runs of different lengths, and for neurons in windows
  List<Intervention> cell(Run base, Run source, int row, int column) {
    if (base.batch().length() != source.batch().length()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "one run has %d positions, the other %d"
              .formatted(base.batch().length(), source.batch().length()),
          "Compare questions of the same number of tokens, about pictures of the same shape.");
    }
    Places all = Places.of(tokens(base), positions);
    Places place = site.whole() ? new Places("", new int[] {all.positions()[column]}) : all;
    if (site == Component.LAYER && row == 0) {
      return Stream.concat(embedded(base, source, place), held(base, 0, place)).toList();
    }
    int layer = site == Component.LAYER ? row - 1 : row;
    if (site == Component.NEURON) {
      return List.of(neuron(base, source, layer, column, place));
    }
    int[] together = new Window(window).around(layer, shape(base).layers());
    Stream<Intervention> patches =
        IntStream.of(together)
            .mapToObj(l -> {
              Intervention patch = put(site, source, l, place);
              return site.whole() ? patch : patch.heads(column);
            });
    return Stream.concat(patches, held(base, together[together.length - 1] + 1, place)).toList();
  }

  /// What enters the first layer.
  private Stream<Intervention> embedded(Run base, Run source, Places place) {
    if (stack != Stack.DECODER) {
      Point entry = Point.of(stack, Site.LN_PRE);
      return Stream.of(
          Intervention.at(entry, 0, new Op.Patch(Values.of(source.get(entry, 0)))).at(place.at()));
    }
    Entering entered = Inputs.of(source);
    return Inputs.entering(
        base,
        place.at(),
        input ->
            new Op.Patch(Values.of(input == 0 ? entered.stream() : entered.later().get(input - 1))))
        .stream();
  }

  private Intervention put(Component state, Run from, int layer, Places place) {
    return Intervention.at(
            state.in(stack), layer, new Op.Patch(Values.of(state.state(from, stack, layer))))
        .at(place.at());
  }

  /// What the severed path wrote in the changed run, from a layer on.
  private Stream<Intervention> held(Run base, int from, Places place) {
    return severed.stream()
        .flatMap(path ->
            IntStream.range(from, shape(base).layers()).mapToObj(l -> put(path, base, l, place)));
  }

  /// Points have no neurons to choose from, so all of them are put in as they are but one.
  private Intervention neuron(Run base, Run source, int layer, int number, Places place) {
    if (window != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a neuron has no window of layers",
          "Leave out --window, or choose another --site.");
    }
    Tensor rows = Tensor.indices(place.positions());
    Tensor own = site.state(base, layer).indexSelect(1, rows);
    Tensor index = Tensor.indices(number);
    Tensor other = site.state(source, layer).indexSelect(1, rows).indexSelect(2, index);
    return Intervention.at(
            site.point(), layer, new Op.Patch(Values.of(own.indexCopy_(2, index, other))))
        .at(place.at());
  }
}
