package dev.lynceus.lab.strategy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Every question that a [Speaker] puts, with its pictures and its answer, in order. Some can be
/// put otherwise: what is asked after them follows from what comes of it. A question that was put
/// before in the same way has its number, and stands once.
public final class Transcript {
  private final Map<Integer, Edit> edits = new TreeMap<>();
  private final Set<Integer> used = new HashSet<>();
  private final List<Turn> turns = new ArrayList<>();

  /// How a question is answered.
  public enum Answering {
    SAYS,
    DRAWS,
    CHOOSES
  }

  /// A question that is put otherwise.
  ///
  /// @param words in the place of its own
  /// @param image in the place of its first picture
  /// @param answer in the place of the model's
  public record Edit(Optional<String> words, Optional<RgbImage> image, Optional<String> answer) {}

  /// A question.
  ///
  /// @param asked as the strategy put it
  /// @param words as it was put
  /// @param choice among candidates, where there were some
  /// @param edited whether it was put otherwise
  public record Turn(
      int number,
      Answering answering,
      Put asked,
      List<RgbImage> images,
      String words,
      String answer,
      Optional<Choice> choice,
      boolean edited) {}

  /// What makes a question the same: its words, its pictures, and what it is answered by.
  ///
  /// @param by the seed of a draw, the candidates of a choice
  public record Put(String words, List<RgbImage> images, Object by) {
    public Put {
      images = List.copyOf(images);
    }
  }

  /// A question as it shall be put.
  ///
  /// @param answer that takes the place of the model's
  record Planned(
      int number,
      Answering answering,
      Put asked,
      String words,
      List<RgbImage> images,
      Optional<String> answer,
      boolean edited) {}

  /// @param edits by the number of the question
  public Transcript(Map<Integer, Edit> edits) {
    this.edits.putAll(edits);
  }

  /// The questions so far.
  public List<Turn> turns() {
    return List.copyOf(turns);
  }

  /// Refuses edits of questions that were not put.
  ///
  /// @throws LynceusException BAD_REQUEST
  public void requireUsed() {
    edits.keySet().stream()
        .filter(number -> !used.contains(number))
        .findFirst()
        .ifPresent(number -> {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "there is no step %d to be edited: there are %d".formatted(number, turns.size()),
              "Steps count from 0; an earlier edit may have made the strategy shorter.");
        });
  }

  Planned plan(Answering answering, Put put) {
    int number =
        turns.stream()
            .filter(turn -> turn.answering == answering && turn.asked.equals(put))
            .map(Turn::number)
            .findFirst()
            .orElse(turns.size());
    Edit edit = edits.get(number);
    if (edit == null) {
      return new Planned(
          number, answering, put, put.words(), put.images(), Optional.empty(), false);
    }
    used.add(number);
    if (edit.answer.isPresent() && answering != Answering.SAYS) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "step %d is not answered freely, so no answer can be put in the model's place"
              .formatted(number),
          "Edit its words, or its picture.");
    }
    List<RgbImage> images = new ArrayList<>(put.images());
    edit.image.ifPresent(image -> {
      if (images.isEmpty()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "step %d is asked without a picture".formatted(number),
            "Edit its words.");
      }
      images.set(0, image);
    });
    return new Planned(
        number, answering, put, edit.words.orElse(put.words()), images, edit.answer, true);
  }

  void answered(Planned planned, String answer, Optional<Choice> choice) {
    if (planned.number == turns.size()) {
      turns.add(
          new Turn(
              planned.number,
              planned.answering,
              planned.asked,
              planned.images,
              planned.words,
              answer,
              choice,
              planned.edited));
    }
  }
}
