package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a run shall keep: a plan of points, layers, heads, positions and reducers, whose size in
/// bytes is known before the run and may not pass a budget.
///
/// ```java
/// Capture plan = Capture.of("resid_pre").and(Capture.request(Point.PATTERN).at(Positions.last()));
/// ```
///
/// @param requests what to keep; one request per point
/// @param budget largest total size in bytes
public record Capture(List<Request> requests, long budget) {

  /// Default budget: 4 GiB.
  public static final long DEFAULT_BUDGET = 4L << 30;

  /// Nothing.
  public static final Capture NONE = new Capture(List.of(), DEFAULT_BUDGET);

  /// What is done to an activation before it is kept.
  public enum Reducer {
    /// Mean over the head dimension, which disappears.
    MEAN_OVER_HEADS,
    /// Only the columns (attended positions) of visual tokens.
    IMAGE_COLUMNS,
    /// Euclidean norm over the last dimension, which disappears.
    NORM
  }

  /// One point to keep.
  ///
  /// @param layers which layers; ignored by points that exist once
  /// @param heads which heads; ignored by points without heads
  /// @param positions which positions (query rows, for attention)
  /// @param reducers applied in order
  public record Request(
      Point point, Indices layers, Indices heads, Positions positions, List<Reducer> reducers) {
    public Request {
      reducers = List.copyOf(reducers);
      int norm = reducers.indexOf(Reducer.NORM);
      if (Set.copyOf(reducers).size() < reducers.size()
          || norm >= 0 && reducers.indexOf(Reducer.IMAGE_COLUMNS) > norm) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "reducers " + reducers + " at " + point.template() + " have no meaning in this order",
            "Name each reducer once; NORM removes the last dimension, so it comes last.");
      }
      for (Reducer reducer : reducers) {
        boolean fits =
            switch (reducer) {
              case MEAN_OVER_HEADS -> point.headAxis() >= 0;
              case IMAGE_COLUMNS -> point.columnAxis() >= 0 && point.stack() != Stack.VISION;
              case NORM -> true;
            };
        if (!fits) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "reducer " + reducer + " does not fit " + point.template() + " " + point.shape(),
              "Leave the reducer out, or ask for a point with that dimension.");
        }
      }
    }

    /// The dimension of the positions in what is kept, -1 if there is none.
    int positionAxis() {
      int axis = point.axis(Axis.POSITION);
      boolean headsBefore = point.headAxis() >= 0 && point.headAxis() < axis;
      return headsBefore && reducers.contains(Reducer.MEAN_OVER_HEADS) ? axis - 1 : axis;
    }

    /// The dimension of attended positions in what is kept that grows with the sequence, -1 if none
    /// does.
    int sourceAxis() {
      int axis = point.axis(Axis.SOURCE);
      if (axis < 0 || reducers.contains(Reducer.NORM) || reducers.contains(Reducer.IMAGE_COLUMNS)) {
        return -1;
      }
      return reducers.contains(Reducer.MEAN_OVER_HEADS) ? axis - 1 : axis;
    }

    /// The same at some layers only.
    public Request layers(int... numbers) {
      return new Request(point, Indices.of(numbers), heads, positions, reducers);
    }

    /// The same for some heads only.
    public Request heads(int... numbers) {
      return new Request(point, layers, Indices.of(numbers), positions, reducers);
    }

    /// The same at some positions only.
    public Request at(Positions some) {
      return new Request(point, layers, heads, some, reducers);
    }

    /// The same, reduced before it is kept.
    public Request reduced(Reducer... some) {
      return new Request(point, layers, heads, positions, List.of(some));
    }
  }

  /// Sizes that the symbols of the points stand for, to estimate bytes.
  ///
  /// @param layers layers that the point exists at
  /// @param sizes size of each axis
  /// @param elementBytes bytes of one number
  public record Sizes(int layers, Map<Axis, Long> sizes, int elementBytes) {}

  public Capture {
    requests = List.copyOf(requests);
    if (requests.stream().map(Request::point).distinct().count() != requests.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a point is asked for twice in one capture",
          "Put its layers and positions into one request.");
    }
  }

  /// A request for a whole point: all layers, heads and positions.
  public static Request request(Point point) {
    return new Request(point, Indices.ALL, Indices.ALL, Positions.all(), List.of());
  }

  /// A plan of these requests, with the default budget.
  public static Capture of(Request... requests) {
    return new Capture(List.of(requests), DEFAULT_BUDGET);
  }

  /// A plan of whole points by name, shorthand or alias; a layer in the name restricts it.
  ///
  /// @throws LynceusException if a name is unknown
  public static Capture of(String... names) {
    Capture plan = NONE;
    for (String name : names) {
      PointNames.Address address = PointNames.parse(name);
      Request request = request(address.point());
      plan =
          plan.and(address.layer().isPresent() ? request.layers(address.layer().get()) : request);
    }
    return plan;
  }

  /// This plan and all of another.
  public Capture and(Capture other) {
    Capture all = this;
    for (Request request : other.requests()) {
      all = all.and(request);
    }
    return all;
  }

  /// This plan and one more request; requests for one point at different layers are joined.
  public Capture and(Request request) {
    List<Request> all = new ArrayList<>();
    Request added = request;
    for (Request old : requests) {
      if (old.point() == request.point()
          && old.heads().equals(request.heads())
          && old.positions().equals(request.positions())
          && old.reducers().equals(request.reducers())) {
        added =
            old.layers().isAll() || request.layers().isAll()
                ? request(request.point()).heads(request.heads().numbers()).at(request.positions())
                : request.layers(concat(old.layers().numbers(), request.layers().numbers()));
        added =
            new Request(
                added.point(),
                added.layers(),
                request.heads(),
                request.positions(),
                request.reducers());
      } else {
        all.add(old);
      }
    }
    all.add(added);
    return new Capture(all, budget);
  }

  /// This plan with another budget in bytes.
  public Capture within(long bytes) {
    return new Capture(requests, bytes);
  }

  private static int[] concat(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /// Bytes that one request will keep of one pass.
  ///
  /// @param sizes sizes of the pass; `POSITION` are its rows
  /// @param start first position of the pass
  public static long bytes(Request request, Sizes sizes, Labels labels, int start) {
    Point point = request.point();
    long layers = point.perLayer() ? request.layers().count(sizes.layers()) : 1;
    long total = layers * sizes.elementBytes();
    for (int i = 0; i < point.axes().size(); i++) {
      Axis axis = point.axes().get(i);
      long size = sizes.sizes().getOrDefault(axis, 1L);
      boolean gone = i == point.axes().size() - 1 && request.reducers().contains(Reducer.NORM);
      total = Math.multiplyExact(total, gone ? 1 : kept(request, axis, size, labels, start));
    }
    return total;
  }

  private static long kept(Request request, Axis axis, long size, Labels labels, int start) {
    return switch (axis) {
      case POSITION ->
          request.positions().within(start, (int) size, labels.rows(request.point())).length;
      case HEAD, KEY_HEAD ->
          request.reducers().contains(Reducer.MEAN_OVER_HEADS)
              ? 1
              : request.heads().count((int) size);
      case SOURCE, MEMORY ->
          request.reducers().contains(Reducer.IMAGE_COLUMNS)
              ? labels.columns(request.point()).find("image").length
              : size;
      case BATCH,
          HEAD_WIDTH,
          ROTATED,
          MODEL,
          JOINED,
          INNER,
          VOCABULARY,
          CHANNEL,
          HEIGHT,
          WIDTH,
          ONE ->
          size;
    };
  }
}
