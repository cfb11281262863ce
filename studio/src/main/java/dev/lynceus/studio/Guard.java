package dev.lynceus.studio;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who may ask: clients that call the server by its own name, pages that it has served itself, and
/// where a token is needed, those who know it.
final class Guard {
  /// The cookie that a page gets for its token.
  static final String COOKIE = "lynceus";

  /// What every answer says to browsers.
  static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
              + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final Set<String> hosts;
  private final Optional<String> token;

  /// @param host that the server listens at
  Guard(String host, Optional<String> token) {
    this.hosts =
        host.equals(StudioOptions.LOOPBACK)
            ? Set.of("127.0.0.1", "localhost", "[::1]")
            : Set.of("127.0.0.1", "localhost", "[::1]", host.toLowerCase(Locale.ROOT));
    this.token = token;
  }

  /// Lets a call pass, or does not.
  ///
  /// @param port that the server listens at
  /// @throws Problem.Refusal 403 or 401
  void check(Call call, int port) {
    String host = call.header(HeaderNames.HOST).orElse("").toLowerCase(Locale.ROOT);
    boolean any = token.isPresent() && hosts.contains("0.0.0.0");
    if (!any && hosts.stream().noneMatch(known -> host.equals(known + ":" + port))) {
      throw new Problem.Refusal(
          403, "FORBIDDEN", "this server is not called that", "Use the address that it printed.");
    }
    call.header(HeaderNames.ORIGIN)
        .filter(origin -> !origin.equals("http://" + host))
        .ifPresent(origin -> {
          throw foreign();
        });
    boolean reads = call.request().prologue().method().equals(Method.GET);
    call.header(HeaderNames.create("Sec-Fetch-Site"))
        .filter(site -> !site.equals("same-origin") && !site.equals("none"))
        .filter(site -> !reads || !isPage(call))
        .ifPresent(site -> {
          throw foreign();
        });
    if (token.isPresent() && !knows(call, token.get())) {
      throw new Problem.Refusal(
          401,
          "UNAUTHORIZED",
          "this studio asks for its token",
          "Open the address that it printed, or send Authorization: Bearer TOKEN.");
    }
  }

  /// A link from elsewhere may open the page; it may not read data.
  private static boolean isPage(Call call) {
    return call.request().path().path().equals("/");
  }

  private static Problem.Refusal foreign() {
    return new Problem.Refusal(
        403, "FORBIDDEN", "another page asks", "Use the page that this server serves.");
  }

  /// Whether the address of a call has the token, so that its page gets the cookie.
  boolean isGiven(Call call) {
    return token.isPresent()
        && call.query("token").filter(given -> same(given, token.get())).isPresent();
  }

  private boolean knows(Call call, String word) {
    return isPage(call) && isGiven(call)
        || call.header(HeaderNames.AUTHORIZATION)
            .filter(given -> same(given, "Bearer " + word))
            .isPresent()
        || call.header(HeaderNames.COOKIE).stream()
            .flatMap(all -> Arrays.stream(all.split(";", -1)))
            .anyMatch(one -> same(one.strip(), COOKIE + "=" + word));
  }

  /// In a time that does not tell how much of it is right.
  private static boolean same(String given, String word) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), word.getBytes(StandardCharsets.UTF_8));
  }
}
