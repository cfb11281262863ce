package dev.lynceus.studio;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a client asks.
///
/// @param request as it came
record Call(ServerRequest request) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SUM = Pattern.compile("[0-9a-f]{64}");

  /// The run that the address names.
  String run() {
    return matching("id", ID, "run");
  }

  /// The picture that the address names.
  String picture() {
    return matching("sha256", SUM, "picture");
  }

  private String matching(String parameter, Pattern form, String what) {
    String given = path(parameter);
    if (!form.matcher(given).matches()) {
      throw Problem.notFound("there is no such " + what);
    }
    return given;
  }

  String path(String parameter) {
    return request.path().pathParameters().first(parameter).orElse("");
  }

  Optional<String> query(String name) {
    return request.query().first(name).asOptional().filter(text -> !text.isEmpty());
  }

  Optional<String> header(HeaderName name) {
    return request.headers().first(name);
  }

  /// The type of what was sent, without its parameters.
  String type() {
    return header(HeaderNames.CONTENT_TYPE)
        .orElse("")
        .replaceFirst(";.*", "")
        .strip()
        .toLowerCase(java.util.Locale.ROOT);
  }

  /// What was sent.
  ///
  /// @param most bytes
  /// @throws Problem.Refusal 413 for more
  byte[] bytes(int most) {
    long said = request.headers().contentLength().orElse(0);
    if (said > most) {
      throw tooLarge(most);
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw tooLarge(most);
      }
      return bytes;
    } catch (IOException | DataReader.InsufficientDataAvailableException e) {
      throw new Problem.Refusal(
          400, new Problem("BAD_REQUEST", "what was sent broke off", "Send it again."), e);
    }
  }

  /// The JSON that was sent.
  String json(int most) {
    if (!type().equals("application/json")) {
      throw new Problem.Refusal(
          415,
          "BAD_REQUEST",
          "what was sent is not called JSON",
          "Send it with the header Content-Type: application/json.");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(most))).toString();
    } catch (CharacterCodingException e) {
      throw new Problem.Refusal(
          400, new Problem("BAD_REQUEST", "what was sent is not UTF-8", "Send UTF-8."), e);
    }
  }

  private static Problem.Refusal tooLarge(int most) {
    return new Problem.Refusal(
        413,
        "TOO_LARGE",
        "what was sent has more than " + most + " bytes",
        "Send less; of a picture a smaller copy.");
  }
}
