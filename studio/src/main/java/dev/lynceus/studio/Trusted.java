package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.request.LensRequest;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Request;
import dev.lynceus.request.Requests;
import dev.lynceus.request.SteerRequest;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Requests of clients: whatever in them would open a file of this machine is refused.
final class Trusted {
  private static final int MOST_PICTURES = 32;

  private Trusted() {}

  /// The pictures that a request names.
  ///
  /// @throws LynceusException BAD_REQUEST for one that names a file, or too many pictures
  static List<PictureRef.Stored> pictures(Request<?> request) {
    List<PictureRef.Stored> found = new ArrayList<>();
    walk(request, Requests.word(request.getClass()), found);
    if (found.size() > MOST_PICTURES) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the request names %d pictures, more than %d".formatted(found.size(), MOST_PICTURES),
          "Ask about fewer.");
    }
    return found;
  }

  private static void walk(Object value, String where, List<PictureRef.Stored> found) {
    switch (value) {
      case PictureRef.Stored stored -> found.add(stored);
      case PictureRef.File file -> throw file(where);
      case PictureRef.Attached attached ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              where + ": nothing comes beside a request here",
              "Send the picture first, POST /api/pictures, and name it by its SHA-256.");
      case SteerRequest.Stored file -> throw file(where);
      case LensRequest lens when lens.tuned().isPresent() -> throw file(where + ".tuned");
      case Optional<?> some -> some.ifPresent(one -> walk(one, where, found));
      case List<?> list -> list.forEach(one -> walk(one, where, found));
      case Record record -> {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
          walk(of(record, component), where + "." + component.getName(), found);
        }
      }
      default -> {}
    }
  }

  private static LynceusException file(String where) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        where + ": files of this machine are not read for a client",
        "Send the picture first, POST /api/pictures, and name it by its SHA-256.");
  }

  private static Object of(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
