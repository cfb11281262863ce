package dev.lynceus.studio;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of a studio.
record Client(URI address, HttpClient http) {
  static final JsonMapper JSON = JsonMapper.shared();

  Client(URI address) {
    this(address, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
  }

  /// What came back.
  record Answer(int status, String text, HttpResponse<byte[]> response) {
    JsonNode json() {
      return JSON.readTree(text);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            request.timeout(Duration.ofSeconds(60)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    byte[] body = response.body();
    if (response.headers().firstValue("Content-Encoding").equals(java.util.Optional.of("gzip"))) {
      body = new GZIPInputStream(new java.io.ByteArrayInputStream(body)).readAllBytes();
    }
    return new Answer(response.statusCode(), new String(body, StandardCharsets.UTF_8), response);
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(address.resolve(path));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(to(path));
  }

  Answer post(String path, String json) throws IOException, InterruptedException {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /// A request about the first sample.
  String ask(String word, String question, String more) throws IOException, InterruptedException {
    String sum = get("/api/samples").json().path(0).path("picture").path("sha256").asString();
    return """
    {"request": "%s", "question": {"pictures": [{"kind": "stored", "sha256": "%s"}], "text": "%s"}%s}
    """
        .formatted(word, sum, question, more);
  }

  /// Waits until a run has ended.
  JsonNode ended(String id) throws IOException, InterruptedException {
    for (int i = 0; i < 1200; i++) {
      JsonNode run = get("/api/runs/" + id).json();
      if (RunState.valueOf(run.path("state").asString()).ended()) {
        return run;
      }
      Thread.sleep(50);
    }
    throw new IOException("run " + id + " does not end");
  }
}
