package dev.lynceus.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Debian's chromium without a window, told by its DevTools protocol what to open and what to
/// evaluate.
final class Browser implements AutoCloseable {
  static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
  private static final long SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<JsonNode>> loads = new ConcurrentHashMap<>();

  /// @param folder for what the browser keeps
  Browser(Path folder) throws Exception {
    process =
        new ProcessBuilder(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--user-data-dir=" + Files.createDirectories(folder),
                "--remote-debugging-port=0",
                "about:blank")
            .redirectErrorStream(true)
            .start();
    String address = address(process);
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Listener())
            .get(SECONDS, TimeUnit.SECONDS);
  }

  private static String address(Process process) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().start(() -> lines.lines().forEach(rest -> {}));
        return listening.group(1);
      }
      all.append(line).append('\n');
    }
    throw new IOException("chromium did not start:\n" + all);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean end) {
      text.append(data);
      if (end) {
        JsonNode message = JsonMapper.shared().readTree(text.toString());
        text.setLength(0);
        CompletableFuture<JsonNode> asked =
            message.has("id") ? waiting.remove(message.path("id").asInt()) : null;
        if (asked != null) {
          asked.complete(message);
        } else if (message.path("method").asString("").equals("Page.loadEventFired")) {
          loads
              .computeIfAbsent(
                  message.path("sessionId").asString(), id -> new CompletableFuture<>())
              .complete(message);
        }
      }
      from.request(1);
      return null;
    }
  }

  private JsonNode tell(String session, String method, Map<String, ?> parameters) throws Exception {
    int id = last.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    Map<String, Object> message = new java.util.LinkedHashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket
        .sendText(JsonMapper.shared().writeValueAsString(message), true)
        .get(SECONDS, TimeUnit.SECONDS);
    JsonNode told = answer.get(SECONDS, TimeUnit.SECONDS);
    if (told.has("error")) {
      throw new IOException(method + ": " + told.path("error"));
    }
    return told.path("result");
  }

  /// A page that is open.
  final class Page {
    private final String target;
    private final String session;

    private Page(String target, String session) {
      this.target = target;
      this.session = session;
    }

    /// The value of an expression, promises waited for.
    JsonNode evaluate(String script) throws Exception {
      JsonNode told =
          tell(
              session,
              "Runtime.evaluate",
              Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
      if (told.has("exceptionDetails")) {
        throw new IOException(told.path("exceptionDetails").toString());
      }
      return told.path("result").path("value");
    }

    /// Shows it as it is printed.
    void print() throws Exception {
      tell(session, "Emulation.setEmulatedMedia", Map.of("media", "print"));
      evaluate("dispatchEvent(new Event('beforeprint')); true");
    }

    void close() throws Exception {
      tell("", "Target.closeTarget", Map.of("targetId", target));
    }
  }

  /// Opens a file and waits until it is there.
  ///
  /// @param dark whether the reader has chosen dark
  Page open(Path file, int width, boolean dark) throws Exception {
    String target =
        tell("", "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asString();
    String session =
        tell("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asString();
    tell(session, "Page.enable", Map.of());
    tell(session, "Page.setBypassCSP", Map.of("enabled", true));
    tell(
        session,
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    tell(
        session,
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            new Object[] {
              Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
              Map.of("name", "prefers-reduced-motion", "value", "reduce")
            }));
    loads.put(session, new CompletableFuture<>());
    tell(session, "Page.navigate", Map.of("url", file.toAbsolutePath().toUri().toString()));
    loads.get(session).get(SECONDS, TimeUnit.SECONDS);
    return new Page(target, session);
  }

  @Override
  public void close() throws Exception {
    try {
      tell("", "Browser.close", Map.of());
    } finally {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
