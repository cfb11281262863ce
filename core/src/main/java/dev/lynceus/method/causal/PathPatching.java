package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Path patching: what a head does to the answer along direct ways to chosen receivers alone (Wang
/// et al. 2022, arXiv 2211.00593; Goldowsky-Dill et al. 2023, arXiv 2304.05969). Three kinds of
/// pass:
///
/// 1. both runs, whose heads are kept;
/// 2. for each sender: the base run with the sender as in the other run, and every head of later
///    layers, and by default every feed-forward network, held at what the base run has; what the
///    receivers then take in is recorded;
/// 3. the base run with the receivers taking in what was recorded, all else free.
///
/// With the answer as the receiver there is no third pass: the logits of the second are measured,
/// which is the sender's direct effect.
///
/// @param positions where senders are changed
/// @param receivers heads that take in; empty = the answer itself
/// @param input what of them is set
/// @param networks what feed-forward networks do on the way
public record PathPatching(
    String positions, List<Receiver> receivers, Input input, Networks networks) {

  /// Runs whose recorded inputs are in memory at once.
  private static final int FEW = 16;

  /// A head that takes in.
  public record Receiver(int layer, int head) {}

  /// What of a receiver is set.
  public enum Input {
    /// What it asks for, at the last position.
    QUERY(Point.ROT_Q),
    /// What it is found by, at all positions; of the key head that it shares.
    KEY(Point.ROT_K),
    /// What it is handed, at all positions; of the key head that it shares.
    VALUE(Point.V);

    private final Point point;

    Input(Point point) {
      this.point = point;
    }
  }

  /// What feed-forward networks do on the way from sender to receiver.
  public enum Networks {
    /// They write what they wrote: the way is one step along the residual stream.
    HELD,
    /// They answer to what they read: ways through them count as well.
    FREE
  }

  public PathPatching {
    receivers = List.copyOf(receivers);
  }

  /// What both runs must keep.
  public Capture capture(LoadedModel model) {
    return Component.HEAD.capture(model).and(Capture.request(Point.MLP_OUT));
  }

  /// Patches the paths of every head.
  ///
  /// @param base the run that is changed
  /// @param source the run that senders are taken from
  /// @return rows are layers of senders, columns their heads
  /// @throws LynceusException BAD_REQUEST for runs of different lengths, or a receiver that is not
  ///   there; CANCELLED
  public CausalMap explain(Run base, Run source, Readout readout, Job job) {
    if (base.batch().length() != source.batch().length()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "one run has %d positions, the other %d"
              .formatted(base.batch().length(), source.batch().length()),
          "Compare questions of the same number of tokens, about pictures of the same shape.");
    }
    TextConfig config = base.model().model().decoder().config();
    for (Receiver receiver : receivers) {
      if (receiver.layer < 0
          || receiver.layer >= config.layers()
          || receiver.head < 0
          || receiver.head >= config.heads()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there is no head %d.%d to receive".formatted(receiver.layer, receiver.head),
            "This decoder has layers 0 to %d with heads 0 to %d."
                .formatted(config.layers() - 1, config.heads() - 1));
      }
    }
    Places places = Places.of(base, positions);
    int count = config.layers() * config.heads();
    List<Measures> cells;
    if (receivers.isEmpty()) {
      List<List<Intervention>> replays = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        replays.add(sent(base, source, i, places));
      }
      cells = job.run("paths", base, replays, readout);
    } else {
      // Read a few senders ahead; inputs are as large as keys and values, so they are not kept.
      Map<Integer, double[][]> inputs = new HashMap<>();
      cells =
          twice(job)
              .run(
                  "paths",
                  base,
                  count,
                  FEW,
                  i -> {
                    if (!inputs.containsKey(i)) {
                      record(base, source, places, i, Math.min(count, i + FEW), inputs, job);
                    }
                    return received(base, Objects.requireNonNull(inputs.remove(i)));
                  },
                  readout);
    }
    return new CausalMap(
        "paths",
        "each head at %s taken from the other run, along the direct way to %s"
            .formatted(Places.told(positions), to()),
        readout.of(base),
        Optional.of(readout.of(source)),
        "layer",
        Places.numbers(config.layers()),
        "head",
        Places.numbers(config.heads()),
        CausalMap.grid(cells, config.heads()),
        Optional.empty(),
        1,
        Optional.empty(),
        List.of(
            switch (networks) {
              case HELD -> "other heads and feed-forward networks on the way are held";
              case FREE -> "other heads on the way are held, feed-forward networks are free";
            }));
  }

  /// Each sender takes two passes, of which the second kind is not part of the sweep.
  private static Job twice(Job job) {
    return new Job(
        job.progress(), cost -> job.costs().accept(cost.times(2)), job.limits(), job.ledger());
  }

  private String to() {
    if (receivers.isEmpty()) {
      return "the answer";
    }
    List<String> names = receivers.stream().map(r -> r.layer + "." + r.head).toList();
    return (switch (input) {
          case QUERY -> "the query of ";
          case KEY -> "the key of ";
          case VALUE -> "the value of ";
        })
        + String.join(", ", names);
  }

  /// The second kind of pass: a sender as in the other run, what lies on the way held.
  private List<Intervention> sent(Run base, Run source, int number, Places places) {
    TextConfig config = base.model().model().decoder().config();
    int layer = number / config.heads();
    List<Intervention> changes = new ArrayList<>();
    changes.add(
        Intervention.at(Point.Z, layer, new Op.Patch(Values.of(source.get(Point.Z, layer))))
            .heads(number % config.heads())
            .at(places.at()));
    for (int l = layer; l < config.layers(); l++) {
      if (l > layer) {
        changes.add(Intervention.at(Point.Z, l, new Op.Patch(Values.of(base.get(Point.Z, l)))));
      }
      if (networks == Networks.HELD) {
        changes.add(
            Intervention.at(Point.MLP_OUT, l, new Op.Patch(Values.of(base.get(Point.MLP_OUT, l)))));
      }
    }
    return changes;
  }

  /// Reads what the receivers take in, for some senders.
  private void record(
      Run base,
      Run source,
      Places places,
      int from,
      int end,
      Map<Integer, double[][]> into,
      Job job) {
    TextConfig config = base.model().model().decoder().config();
    job.at("inputs of receivers", from, config.layers() * config.heads());
    List<List<Intervention>> replays = new ArrayList<>();
    for (int i = from; i < end; i++) {
      replays.add(sent(base, source, i, places));
    }
    int[] layers = receivers.stream().mapToInt(Receiver::layer).sorted().distinct().toArray();
    Capture kept = Capture.of(Capture.request(input.point).layers(layers).at(where()));
    Reader reader = new Reader.Activations(kept, captured -> read(captured, config));
    double[][] found =
        Sweep.of(base, replays, reader).within(job.limits()).run(Progress.NONE, Ledger.NONE);
    for (int i = from; i < end; i++) {
      double[] all = found[i - from];
      int size = all.length / receivers.size();
      double[][] taken = new double[receivers.size()][];
      for (int r = 0; r < receivers.size(); r++) {
        taken[r] = Arrays.copyOfRange(all, r * size, (r + 1) * size);
      }
      into.put(i, taken);
    }
  }

  private Positions where() {
    return input == Input.QUERY ? Positions.last() : Positions.all();
  }

  private double[] read(Captured captured, TextConfig config) {
    return receivers.stream()
        .flatMapToDouble(receiver ->
            Arrays.stream(
                captured
                    .get(input.point, receiver.layer)
                    .narrow(2, own(receiver, config), 1)
                    .contiguous()
                    .toDoubles()))
        .toArray();
  }

  /// The head at the point: that of the receiver, or the key head that it shares.
  private int own(Receiver receiver, TextConfig config) {
    return input == Input.QUERY
        ? receiver.head
        : receiver.head * config.keyHeads() / config.heads();
  }

  /// The third kind of pass: receivers take in what was recorded.
  private List<Intervention> received(Run base, double[][] inputs) {
    TextConfig config = base.model().model().decoder().config();
    List<Intervention> changes = new ArrayList<>();
    for (int r = 0; r < inputs.length; r++) {
      Receiver receiver = receivers.get(r);
      float[] numbers = new float[inputs[r].length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) inputs[r][i];
      }
      long rows = numbers.length / config.headWidth();
      changes.add(
          Intervention.at(
                  input.point,
                  receiver.layer,
                  new Op.Patch(
                      new Values.Inline(numbers, new long[] {1, rows, 1, config.headWidth()})))
              .heads(own(receiver, config))
              .at(where()));
    }
    return changes;
  }
}
