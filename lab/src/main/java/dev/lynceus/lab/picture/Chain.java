package dev.lynceus.lab.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Operations, one after the other, as data: what made a picture, in JSON there and back.
///
/// ```json
/// [{"op": "outline", "shape": "BOX", "region": {"region": "box", "x0": 12, "y0": 30, "x1": 57, "y1": 80},
///   "colour": "red", "stroke": 2.0, "alpha": 1.0, "grow": 0.0, "side": "CENTRE", "seed": 0}]
/// ```
///
/// @param operations in their order; none = the picture itself
public record Chain(@JsonValue List<Operation> operations) {
  /// Nothing is done.
  public static final Chain NONE = new Chain(List.of());

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @JsonCreator
  public Chain {
    operations = List.copyOf(operations);
  }

  /// Of these operations.
  public static Chain of(Operation... operations) {
    return new Chain(List.of(operations));
  }

  /// The changed picture.
  public RgbImage apply(RgbImage image) {
    RgbImage now = image;
    for (Operation operation : operations) {
      now = operation.apply(now);
    }
    return now;
  }

  /// Where a picture of that size is afterwards.
  public Placement place(int width, int height) {
    Placement now = Placement.whole(width, height);
    for (Operation operation : operations) {
      now = now.then(operation.place(now.width(), now.height()));
    }
    return now;
  }

  /// As JSON, in one line.
  public String json() {
    return MAPPER.writeValueAsString(this);
  }

  /// From JSON.
  ///
  /// @throws LynceusException BAD_REQUEST for anything but a list of operations
  public static Chain parse(String json) {
    try {
      Chain chain = MAPPER.readValue(json, Chain.class);
      if (chain == null) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, "the chain of operations is null", "Write a list.");
      }
      return chain;
    } catch (JacksonException e) {
      if (e.getCause() instanceof LynceusException own) {
        throw own;
      }
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the chain of operations is not understood: " + e.getOriginalMessage(),
          "Write a list of operations as `lynceus mark --json` tells them.",
          e);
    }
  }
}
