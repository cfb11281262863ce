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

    /// Presses and releases a key, as a person does.
    ///
    /// @param key its name, for example `Enter`, or what it writes
    void press(String key) throws Exception {
      Map<String, Object> down = new java.util.LinkedHashMap<>();
      down.put("type", "keyDown");
      down.put("key", key);
      down.put("windowsVirtualKeyCode", code(key));
      if (key.length() == 1) {
        down.put("text", key);
      } else if (key.equals("Enter")) {
        down.put("text", "\r");
      }
      tell(session, "Input.dispatchKeyEvent", down);
      tell(session, "Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    private static int code(String key) {
      return switch (key) {
        case "Tab" -> 9;
        case "Enter" -> 13;
        case "Escape" -> 27;
        case "ArrowLeft" -> 37;
        case "ArrowUp" -> 38;
        case "ArrowRight" -> 39;
        case "ArrowDown" -> 40;
        default -> Character.toUpperCase(key.charAt(0));
      };
    }

    /// Drags the pointer from one place to another, in pixels of the window.
    void drag(double x0, double y0, double x1, double y1) throws Exception {
      pointer("mouseMoved", x0, y0);
      pointer("mousePressed", x0, y0);
      pointer("mouseMoved", (x0 + x1) / 2, (y0 + y1) / 2);
      pointer("mouseMoved", x1, y1);
      pointer("mouseReleased", x1, y1);
    }

    private void pointer(String type, double x, double y) throws Exception {
      tell(
          session,
          "Input.dispatchMouseEvent",
          Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", 1, "clickCount", 1));
    }

    /// Waits until an expression is true.
    void await(String script) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (!evaluate("!!(" + script + ")").asBoolean()) {
        if (System.nanoTime() > end) {
          throw new IOException(
              "never true: " + script + "\n" + evaluate("document.body.innerText"));
        }
        Thread.sleep(30);
      }
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
    return visit(file.toAbsolutePath().toUri(), width, dark, true);
  }

  /// What a page did that it may not: errors, and what its content security policy forbids.
  static final String WRONG = "window.wrong ?? []";

  private static final String WATCH =
      "window.wrong = []; addEventListener('error', e => window.wrong.push(e.message));"
          + "addEventListener('unhandledrejection', e => window.wrong.push('' + e.reason));"
          + "document.addEventListener('securitypolicyviolation', e => window.wrong.push('' +"
          + " e.violatedDirective + ' ' + e.blockedURI));";

  /// Opens an address and waits until it is there.
  ///
  /// @param free whether scripts of tests that its policy forbids may be put in
  Page visit(URI address, int width, boolean dark, boolean free) throws Exception {
    String target =
        tell("", "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asString();
    String session =
        tell("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asString();
    tell(session, "Page.enable", Map.of());
    tell(session, "Page.setBypassCSP", Map.of("enabled", free));
    tell(session, "Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH));
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
    tell(session, "Page.navigate", Map.of("url", address.toString()));
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
