package dev.lynceus.studio;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How the studio is started.
///
/// @param host address that it listens at
/// @param port 0 = one that is free
/// @param token what a client must know; empty = none is needed, which loopback alone allows
/// @param store folder of the library
/// @param roots folders whose checkpoints may be asked
/// @param data folders and files of data sets that may be opened
/// @param memory most bytes of weights that are held at a time
/// @param queue most runs that wait
/// @param limits of what is sent
public record StudioOptions(
    String host,
    int port,
    Optional<String> token,
    Path store,
    List<Path> roots,
    List<Path> data,
    long memory,
    int queue,
    Limits limits) {

  /// Of what is sent.
  ///
  /// @param requestBytes the largest request
  /// @param pictureBytes the largest picture's file
  /// @param pixels the largest picture
  /// @param libraryBytes pictures of the library together
  public record Limits(int requestBytes, int pictureBytes, long pixels, long libraryBytes) {
    public static final Limits DEFAULT = new Limits(1 << 20, 24 << 20, 40_000_000, 4L << 30);
  }

  /// The address that nobody else reaches.
  public static final String LOOPBACK = "127.0.0.1";

  /// Runs that wait, unless another number is given.
  public static final int QUEUE = 32;

  public StudioOptions {
    roots = List.copyOf(roots);
    data = List.copyOf(data);
  }

  /// The studio of this machine's user alone.
  public static StudioOptions local(Path store) {
    return new StudioOptions(
        LOOPBACK,
        0,
        Optional.empty(),
        store,
        List.of(),
        List.of(),
        4L << 30,
        QUEUE,
        Limits.DEFAULT);
  }

  /// The same with another number of runs that wait.
  StudioOptions queue(int most) {
    return new StudioOptions(host, port, token, store, roots, data, memory, most, limits);
  }

  /// The same with other bytes of weights.
  StudioOptions memory(long bytes) {
    return new StudioOptions(host, port, token, store, roots, data, bytes, queue, limits);
  }

  /// The same with folders of checkpoints.
  StudioOptions roots(List<Path> folders) {
    return new StudioOptions(host, port, token, store, folders, data, memory, queue, limits);
  }

  /// The same for those who know a word.
  StudioOptions token(String word) {
    return new StudioOptions(
        host, port, Optional.of(word), store, roots, data, memory, queue, limits);
  }

  /// The same with data sets.
  public StudioOptions data(List<Path> sets) {
    return new StudioOptions(host, port, token, store, roots, sets, memory, queue, limits);
  }
}
