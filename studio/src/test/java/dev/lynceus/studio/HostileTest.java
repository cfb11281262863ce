package dev.lynceus.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of calls that no honest client makes: each is refused in words, none leaves a trace or
/// a run, and the server answers honest clients afterwards.
class HostileTest {
  private static final long SEED = 20261128;
  private static final int CALLS = 3000;
  private static final int BROKEN = 60;
  private static final int AT_ONCE = 50;

  /// Anything that tells where in a program something happened, or of the machine's files.
  private static final Pattern TRACE =
      Pattern.compile(
          "\\bat [a-z]+(\\.[a-zA-Z]+)+\\(|\\.java:|Exception|java\\.lang|helidon|jackson|root:x:");

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND");

  private static final List<String> PLACES =
      List.of(
          "/api/runs/%s",
          "/api/runs/%s/result",
          "/api/runs/%s/events",
          "/api/runs/%s/tables/rows",
          "/api/runs/%s/page",
          "/api/runs/%s/request",
          "/api/pictures/%s",
          "/api/pictures/%s/info",
          "/api/%s",
          "/%s");

  private static final List<String> NAMES =
      List.of(
          "..%2f..%2f..%2fetc%2fpasswd",
          "%2e%2e/%2e%2e/etc/passwd",
          "..;/..;/etc/passwd",
          "....//....//etc/passwd",
          "%00",
          "%ff%fe",
          "%0d%0aSet-Cookie:%20a=b",
          "'%20OR%201=1--",
          "x'%3bDROP%20TABLE%20runs%3b--",
          "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
          "0000000000000000000000000000000g",
          "00000000000000000000000000000000",
          "0000000000000000000000000000000000000000000000000000000000000000",
          "-1",
          "a".repeat(3000),
          "%F0%9F%92%A9",
          "studio.js%2f..%2f..%2fstudio.sqlite",
          "META-INF/MANIFEST.MF",
          "dev/lynceus/studio/Studio.class");

  /// Values that none of the keys takes.
  private static final List<String> VALUES =
      List.of(
          "1e999",
          "-1",
          "99999999999999999999",
          "{}",
          "true",
          "[[[[[[[[[[[[]]]]]]]]]]]]",
          "{\"kind\": \"file\", \"path\": \"/etc/passwd\"}",
          "[{\"kind\": \"stored\", \"sha256\": \"../../etc/passwd\"}]",
          "[{\"kind\": \"stored\", \"sha256\": \"%s\"}]".formatted("0".repeat(64)),
          "[{\"kind\": \"attached\", \"number\": 2147483647}]");

  private static final List<String> KEYS =
      List.of("pictures", "video", "text", "form", "start", "passage", "none", "__proto__");

  private static final List<String> BODIES =
      List.of(
          "",
          "{",
          "[]",
          "null",
          "\"ask\"",
          "{\"request\": \"ask\"}",
          "{\"request\": \"none\", \"question\": {\"text\": \"a\"}}",
          "{\"request\": [\"ask\"], \"question\": {\"text\": \"a\"}}",
          "{\"request\": \"ask\", \"request\": \"ask\", \"question\": {\"text\": \"a\"}}",
          "[".repeat(20_000),
          "{\"a\":".repeat(5000),
          "{\"request\": \"ask\", \"question\": {\"text\": \"a\"}} trailing",
          "{\"request\": \"ask\", \"model\": {\"name\": \"/etc\"}, \"question\": {\"text\": \"a\"}}",
          "{\"request\": \"ask\", \"model\": {\"name\": \"org/../../etc\"}, \"question\": {\"text\": \"a\"}}",
          "{\"request\": \"ask\", \"model\": {\"dtype\": \"int8\"}, \"question\": {\"text\": 1}}",
          "\u0000\u0001\u0002",
          "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>");

  @TempDir Path folder;

  private static <T> T pick(SplittableRandom random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  @Test
  void nothingHostileIsAnsweredWithMoreThanARefusal() throws Exception {
    List<String> log = new ArrayList<>();
    try (Studio studio = Studio.start(StudioOptions.local(folder), log::add)) {
      Client client = new Client(studio.address());
      SplittableRandom random = new SplittableRandom(SEED);
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < CALLS && wrong.isEmpty(); i += AT_ONCE) {
        crowd(client, random, wrong);
      }
      for (int i = 0; i < BROKEN && wrong.size() < 5; i++) {
        broken(studio, random, wrong);
      }
      assertThat(wrong).isEmpty();
      assertThat(log).isEmpty();
      assertThat(client.get("/api/runs").json()).isEmpty();
      String id =
          client
              .post("/api/runs", client.ask("ask", "What is there?", ""))
              .json()
              .path("id")
              .asString();
      assertThat(client.ended(id).path("state").asString()).isEqualTo("DONE");
    }
  }

  /// Many calls at once.
  private static void crowd(Client client, SplittableRandom random, List<String> wrong) {
    List<HttpRequest> calls = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      calls.add(call(client, random).build());
    }
    List<CompletableFuture<HttpResponse<String>>> answers =
        calls.stream()
            .map(call -> client.http().sendAsync(call, HttpResponse.BodyHandlers.ofString()))
            .toList();
    for (int i = 0; i < AT_ONCE; i++) {
      HttpResponse<String> answer = answers.get(i).join();
      int status = answer.statusCode();
      if (status < 400 || status > 499 || TRACE.matcher(answer.body()).find()) {
        wrong.add(calls.get(i).method() + " " + calls.get(i).uri() + ": " + status + answer.body());
      }
    }
  }

  private static HttpRequest.Builder call(Client client, SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0, 1 ->
          client
              .to(pick(random, PLACES).formatted(pick(random, NAMES)))
              .method(pick(random, METHODS), HttpRequest.BodyPublishers.noBody());
      case 2 -> json(client, pick(random, BODIES));
      case 3 ->
          json(
              client,
              "{\"request\": \"%s\", \"question\": {\"text\": \"a\", \"%s\": %s}}"
                  .formatted(
                      pick(random, List.of("ask", "explain", "trace", "lens", "evidence")),
                      pick(random, KEYS),
                      pick(random, VALUES)));
      case 4 -> {
        byte[] noise = new byte[random.nextInt(1, 400)];
        random.nextBytes(noise);
        if (random.nextBoolean()) {
          System.arraycopy(
              new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10},
              0,
              noise,
              0,
              Math.min(8, noise.length));
        }
        yield client
            .to("/api/pictures?name=" + pick(random, NAMES))
            .header("Content-Type", pick(random, List.of("image/png", "text/html", "a/b;c")))
            .POST(HttpRequest.BodyPublishers.ofByteArray(noise));
      }
      default ->
          client
              .to(pick(random, List.of("/api/runs", "/api/status", "/api/models")))
              .header(
                  "Origin",
                  pick(
                      random,
                      List.of("http://evil.example", "null", "https://127.0.0.1", "file://")));
    };
  }

  private static HttpRequest.Builder json(Client client, String body) {
    return client
        .to("/api/runs")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
  }

  /// What is no HTTP, or says what is not so.
  private static void broken(Studio studio, SplittableRandom random, List<String> wrong)
      throws IOException {
    String host = "Host: " + studio.address().getAuthority() + "\r\n";
    String text =
        switch (random.nextInt(7)) {
          case 0 -> "GET /api/status HTTP/9.9\r\n" + host + "\r\n";
          case 1 -> "GET /api/status\r\n\r\n";
          case 2 -> "\u0000\u0001 / HTTP/1.1\r\n\r\n";
          case 3 -> "GET /" + "a".repeat(40_000) + " HTTP/1.1\r\n" + host + "\r\n";
          case 4 -> "GET / HTTP/1.1\r\nX: " + "b".repeat(40_000) + "\r\n" + host + "\r\n";
          case 5 -> "POST /api/runs HTTP/1.1\r\n" + host + "Content-Length: -5\r\n\r\nabc";
          default -> "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n";
        };
    String answer = Raw.answer(studio.address(), text.getBytes(StandardCharsets.ISO_8859_1));
    boolean refused =
        answer.isEmpty() || answer.startsWith("HTTP/1.1 4") || answer.startsWith("HTTP/1.1 505");
    if (!refused || TRACE.matcher(answer).find()) {
      wrong.add(text.substring(0, Math.min(60, text.length())) + ": " + answer);
    }
  }
}
