package dev.lynceus.method.zone;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.text.Content;
import dev.lynceus.text.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// In which order a prompt has pictures and question. In a decoder whose positions see only what
/// stands before them, a picture looks at the question where the question stands first, and only
/// there: what a passage that looks at its question is in arXiv 2108.11574.
public enum ZoneOrder {
  /// Pictures, then the question, as models are mostly trained.
  PICTURE,
  /// The question, then pictures.
  QUESTION,
  /// The question on both sides.
  BOTH;

  /// The question about pictures in the chat template of the model.
  ///
  /// @throws LynceusException BAD_REQUEST where the template puts them in an order of its own
  public Prompt prompt(LoadedModel model, String question, List<Picture> pictures) {
    if (this == PICTURE || pictures.isEmpty()) {
      return model.prompt(question, pictures, "");
    }
    List<Content> content = new ArrayList<>(List.of(new Content.Text(question)));
    for (Picture picture : pictures) {
      content.add(picture.isVideo() ? new Content.Video() : new Content.Image());
    }
    if (this == BOTH) {
      content.add(new Content.Text(question));
    }
    Prompt prompt = model.prompt(List.of(new Message("user", content)), pictures, "");
    int[] asked = prompt.tokens().positions(TokenMap.Role.QUESTION);
    int first = prompt.tokens().positions(TokenMap.Role.IMAGE)[0];
    boolean before = IntStream.of(asked).anyMatch(p -> p < first);
    boolean after = IntStream.of(asked).anyMatch(p -> p > first);
    if (!before || after != (this == BOTH)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the chat template of %s has an order of its own for pictures and words"
              .formatted(model.name()),
          "Leave --order out.");
    }
    return prompt;
  }
}
