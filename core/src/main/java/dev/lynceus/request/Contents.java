package dev.lynceus.request;

import dev.lynceus.image.RgbImage;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.tensor.file.ContentDigest;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a request is by its contents: its settings, and what is in the files that it names.
record Contents(Pictures from) {

  /// The settings of a request, without what is told of files by what is in them, and of the
  /// question by its tokens.
  static String settings(Change<?> request) {
    ObjectNode all = (ObjectNode) RequestJson.tree(request);
    all.remove(List.of("model", "question", "measure"));
    switch (request) {
      case TraceRequest trace -> without(all, trace.corruption());
      case AttributeRequest attribute -> without(all, attribute.corruption());
      case PathsRequest paths -> without(all, paths.corruption());
      case PatchRequest patch -> all.remove("other");
      case OccludeRequest occlude -> {
        if (all.get("parts") instanceof ObjectNode parts) {
          parts.remove("pictures");
        }
      }
      case RegionRequest region -> {
        if (all.get("region") instanceof ObjectNode part) {
          part.remove("picture");
        }
      }
      case SteerRequest steer -> {
        if (!(steer.direction() instanceof SteerRequest.Words)) {
          all.remove("direction");
        }
      }
      case KnockoutRequest knockout -> {}
      case SilenceRequest silence -> {}
      case AblateRequest ablate -> {}
    }
    return all.toString();
  }

  private static void without(ObjectNode all, Corrupted corruption) {
    if (corruption.by() instanceof Corrupted.Other
        && all.path("corruption").path("by") instanceof ObjectNode by) {
      by.remove("picture");
    }
  }

  /// Adds what is in the files that a request names, as far as it changes a number.
  LedgerKey entered(LedgerKey key, Change<?> request) {
    return switch (request) {
      case TraceRequest trace -> other(key, trace.corruption());
      case AttributeRequest attribute -> other(key, attribute.corruption());
      case PathsRequest paths -> other(key, paths.corruption());
      case PatchRequest patch -> other(key, patch.other());
      case OccludeRequest occlude ->
          occlude.parts() instanceof OccludeRequest.Masks masks
              ? masks(key, masks.pictures())
              : key;
      case RegionRequest region ->
          region.region() instanceof RegionRequest.Mask(PictureRef mask)
              ? masks(key, List.of(mask))
              : key;
      case SteerRequest steer ->
          switch (steer.direction()) {
            case SteerRequest.Words words -> key;
            case SteerRequest.Stored(String path) ->
                key.with(
                    "the direction (--direction)", ContentDigest.of(InputFile.REQUEST.path(path)));
            case SteerRequest.Means means ->
                key.with("the questions to steer towards (--with)", questions(means.with()))
                    .with(
                        "the questions to steer away from (--without)", questions(means.without()));
          };
      case KnockoutRequest knockout -> key;
      case SilenceRequest silence -> key;
      case AblateRequest ablate -> key;
    };
  }

  private LedgerKey other(LedgerKey key, Corrupted corruption) {
    return corruption.by() instanceof Corrupted.Other(PictureRef picture)
        ? other(key, picture)
        : key;
  }

  private LedgerKey other(LedgerKey key, PictureRef picture) {
    return key.with("the other picture (--other)", from.read(picture));
  }

  private LedgerKey masks(LedgerKey key, List<PictureRef> masks) {
    LedgerKey all = key;
    for (int i = 0; i < masks.size(); i++) {
      all = all.with("mask %d (--mask)".formatted(i + 1), from.read(masks.get(i)));
    }
    return all;
  }

  private String questions(List<SteerRequest.Example> questions) {
    StringBuilder all = new StringBuilder();
    for (SteerRequest.Example one : questions) {
      all.append(one.question().text()).append('\n').append(one.target()).append('\n');
      for (PictureRef picture : one.question().pictures()) {
        RgbImage image = from.read(picture);
        all.append(image.width())
            .append(' ')
            .append(ContentDigest.of(image.toBytes()))
            .append('\n');
      }
    }
    return ContentDigest.of(all.toString());
  }
}
