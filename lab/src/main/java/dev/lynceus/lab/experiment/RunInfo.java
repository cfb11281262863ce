package dev.lynceus.lab.experiment;

import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// A run of an experiment, as the catalogue knows it.
///
/// @param id of the run; the same experiment with the same build has the same
/// @param name that the user gave it; empty for none
/// @param version of Lynceus
/// @param model that was asked for
/// @param modelType of its config
/// @param revision of its checkpoint
/// @param weightsSha256 of all bytes of its weights
/// @param dtype of the arithmetic
/// @param device where it computed
/// @param threads of the arithmetic
/// @param seeds one pass over the data for each
/// @param data name of the data set
/// @param format that it was read as
/// @param dataSha256 of its rows
/// @param selection which rows were taken, in words
/// @param method the procedure
/// @param methodVersion of it
/// @param settings of it
/// @param command that makes the run again; empty where it was not a command
/// @param startedAt ISO-8601
/// @param endedAt ISO-8601; empty while it runs
/// @param state how far it is
/// @param total examples times seeds
/// @param done of these
/// @param failed of these that gave no result
/// @param judged answers that could be right or wrong
/// @param correct of these
/// @param seconds of all attempts together
/// @param tags of the user
/// @param note of the user
public record RunInfo(
    String id,
    String name,
    String version,
    String model,
    String modelType,
    String revision,
    String weightsSha256,
    String dtype,
    String device,
    int threads,
    List<Long> seeds,
    String data,
    String format,
    String dataSha256,
    String selection,
    String method,
    int methodVersion,
    SequencedMap<String, String> settings,
    String command,
    String startedAt,
    String endedAt,
    State state,
    int total,
    int done,
    int failed,
    int judged,
    int correct,
    double seconds,
    List<String> tags,
    String note) {

  /// How far a run is.
  public enum State {
    /// Begun; where no process works on it any more, it was killed.
    RUNNING,
    /// Stopped; it goes on when it is run again.
    STOPPED,
    /// All examples are done.
    DONE;

    /// What tables call it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public RunInfo {
    seeds = List.copyOf(seeds);
    tags = List.copyOf(tags);
  }

  /// The same, further on.
  RunInfo at(State now, String ended, Tally tally, double allSeconds) {
    return new RunInfo(
        id,
        name,
        version,
        model,
        modelType,
        revision,
        weightsSha256,
        dtype,
        device,
        threads,
        seeds,
        data,
        format,
        dataSha256,
        selection,
        method,
        methodVersion,
        settings,
        command,
        startedAt,
        ended,
        now,
        total,
        tally.done(),
        tally.failed(),
        tally.judged(),
        tally.correct(),
        allSeconds,
        tags,
        note);
  }

  /// The same with other words of the user.
  RunInfo labelled(String newName, List<String> newTags, String newNote) {
    return new RunInfo(
        id,
        newName,
        version,
        model,
        modelType,
        revision,
        weightsSha256,
        dtype,
        device,
        threads,
        seeds,
        data,
        format,
        dataSha256,
        selection,
        method,
        methodVersion,
        settings,
        command,
        startedAt,
        endedAt,
        state,
        total,
        done,
        failed,
        judged,
        correct,
        seconds,
        newTags,
        newNote);
  }

  /// What is counted of a run.
  ///
  /// @param done outcomes
  /// @param failed of these
  /// @param judged of these
  /// @param correct of these
  record Tally(int done, int failed, int judged, int correct) {
    static final Tally NONE = new Tally(0, 0, 0, 0);

    Tally with(ExampleRow row) {
      Boolean right = row.correct();
      return new Tally(
          done + 1,
          failed + (row.error() == null ? 0 : 1),
          judged + (right == null ? 0 : 1),
          correct + (Boolean.TRUE.equals(right) ? 1 : 0));
    }
  }
}
