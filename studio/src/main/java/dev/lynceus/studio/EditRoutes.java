package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.mark.Elsewhere;
import dev.lynceus.lab.picture.Chain;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Placement;
import dev.lynceus.studio.Route.Body;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pictures that are changed by operations of the library, so that the same question can be asked
/// again.
///
/// @param limits of what is sent, and of what comes of it
record EditRoutes(PictureShelf shelf, StudioOptions.Limits limits) {
  private static final int MOST_OPERATIONS = 20;
  private static final int MOST_CONTROLS = 10;

  /// More blurs nothing that is seen, and takes long.
  private static final double MOST_SIGMA = 64;

  /// What is done with a picture.
  ///
  /// @param chain operations in their order, as `lynceus mark --json` tells them
  /// @param controls how often the same is done elsewhere in the picture, for comparison
  /// @param seed of these places
  record Edit(JsonNode chain, int controls, long seed) {}

  /// What came of it.
  ///
  /// @param picture the changed one
  /// @param controls changed in the same way elsewhere
  /// @param notes what should be known of these
  record Edited(PictureInfo picture, List<PictureInfo> controls, List<String> notes) {}

  Route route() {
    return Route.post(
        "/api/pictures/{sha256}/edits",
        "Changes a picture by operations, also elsewhere in it for comparison; each becomes a picture"
            + " that can be asked about.",
        Body.json("Edit"),
        Body.json("Edited"),
        201,
        this::edit);
  }

  private Reply edit(Call call) {
    Edit edit;
    try {
      edit = JsonMapper.shared().readValue(call.json(limits.requestBytes()), Edit.class);
    } catch (JacksonException e) {
      throw bad("this is no edit: {\"chain\": […], \"controls\": 3, \"seed\": 0}");
    }
    if (edit == null || edit.chain() == null || !edit.chain().isArray()) {
      throw bad("an edit has a chain, which is a list of operations");
    }
    if (edit.controls() < 0 || edit.controls() > MOST_CONTROLS) {
      throw bad("controls is not between 0 and " + MOST_CONTROLS);
    }
    Chain chain = Chain.parse(edit.chain().toString());
    PictureInfo info = shelf.info(call.picture());
    require(chain, info);
    List<Chain> others =
        Elsewhere.of(chain, info.width(), info.height(), edit.controls(), edit.seed());
    List<String> notes = new ArrayList<>();
    if (others.size() < edit.controls()) {
      notes.add(
          others.isEmpty()
              ? "There is no other place for this change, so nothing is known of what it would do"
                  + " elsewhere."
              : "Only %d other places have room for this change.".formatted(others.size()));
    }
    return Reply.json(
        201,
        shelf.changed(
            info,
            image ->
                new Edited(
                    kept(info, chain, image),
                    others.stream().map(other -> kept(info, other, image)).toList(),
                    notes)));
  }

  private PictureInfo kept(PictureInfo info, Chain chain, RgbImage image) {
    return shelf.keep(
        chain.apply(image), info.name().replaceFirst("\\.[A-Za-z]+$", "") + "-edited.png");
  }

  /// Refuses what takes too long or becomes too large, before anything is decoded.
  private void require(Chain chain, PictureInfo info) {
    if (chain.operations().isEmpty() || chain.operations().size() > MOST_OPERATIONS) {
      throw bad("a chain has 1 to %d operations".formatted(MOST_OPERATIONS));
    }
    Placement now = Placement.whole(info.width(), info.height());
    for (Operation operation : chain.operations()) {
      if (sigma(operation) > MOST_SIGMA) {
        throw bad("a blur has at most %.0f pixels".formatted(MOST_SIGMA));
      }
      now = operation.place(now.width(), now.height());
      if ((long) now.width() * now.height() > limits.pixels()) {
        throw bad("the picture would have more than %d pixels".formatted(limits.pixels()));
      }
    }
  }

  private static double sigma(Operation operation) {
    return switch (operation) {
      case Operation.Blur blur -> blur.sigma();
      case Operation.BlurInside blur -> blur.sigma();
      case Operation.BlurOutside blur -> blur.sigma();
      default -> 0;
    };
  }

  private static LynceusException bad(String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST, what, "docs/reference/http-api.md has an example.");
  }
}
