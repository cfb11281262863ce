package dev.lynceus.bench;

import dev.lynceus.studio.Studio;
import dev.lynceus.studio.StudioOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Many clients of one studio at once, some of them slow or broken: what is lost, how long calls
/// take, and what becomes of the memory.
///
/// @param clients that ask at the same time
/// @param slow that send and read byte by byte, or break off
/// @param minutes for which they do
/// @param store folder of the studio's library
public record StudioLoad(int clients, int slow, double minutes, Path store) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long PATIENCE_MILLIS = 300_000;

  /// Takes long, and is cancelled soon.
  private static final String CANCELLED = "\"trace\", \"repeats\": 400";

  /// Kinds of requests, each with what it needs; the commoner ones come more than once.
  private static final List<String> KINDS =
      List.of(
          "\"ask\"",
          "\"ask\"",
          "\"ask\", \"maxTokens\": 12, \"choice\": {\"kind\": \"drawn\", \"temperature\": 2, \"seed\": SEED}",
          "\"evidence\"",
          "\"explain\"",
          "\"lens\"",
          "\"attention\"",
          "\"occlude\", \"parts\": {\"kind\": \"squares\", \"side\": 4}",
          "\"trace\"",
          CANCELLED);

  private static final class Tally {
    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger full = new AtomicInteger();
    final AtomicInteger wrong = new AtomicInteger();
    final AtomicInteger broken = new AtomicInteger();
    final List<Double> calls = Collections.synchronizedList(new ArrayList<>());
    final List<Double> waits = Collections.synchronizedList(new ArrayList<>());
    final List<String> told = Collections.synchronizedList(new ArrayList<>());
  }

  /// Runs them, and prints what came of it.
  ///
  /// @return whether nothing was lost and nothing failed
  boolean run() throws IOException, InterruptedException {
    Tally tally = new Tally();
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    List<Long> memory = new ArrayList<>();
    try (Studio studio = Studio.start(StudioOptions.local(store), log::add)) {
      URI address = studio.address();
      List<String> pictures = new ArrayList<>();
      List<String> questions = new ArrayList<>();
      try (HttpClient http = client()) {
        for (JsonNode sample :
            json(http, HttpRequest.newBuilder(address.resolve("/api/samples")))) {
          pictures.add(sample.path("picture").path("sha256").asString());
          questions.add(sample.path("questions").path(0).asString());
        }
      }
      long start = System.nanoTime();
      long end = start + (long) (minutes * 60e9);
      List<Thread> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        SplittableRandom random = new SplittableRandom(i);
        all.add(
            Thread.ofVirtual().start(() -> ask(address, pictures, questions, random, end, tally)));
      }
      for (int i = 0; i < slow; i++) {
        SplittableRandom random = new SplittableRandom(1000 + i);
        all.add(Thread.ofVirtual().start(() -> annoy(address, random, end, tally)));
      }
      System.out.println("minute  resident MiB  heap MiB  runs done");
      while (System.nanoTime() < end) {
        Thread.sleep((long) Math.clamp((end - System.nanoTime()) / 1e6, 1, 30_000));
        memory.add(resident());
        System.out.printf(
            Locale.ROOT,
            "%6.1f  %12d  %8d  %9d%n",
            (System.nanoTime() - start) / 60e9,
            memory.getLast() >> 20,
            heap() >> 20,
            tally.done.get());
      }
      for (Thread one : all) {
        one.join();
      }
    }
    return tell(tally, log, memory);
  }

  private boolean tell(Tally tally, List<String> log, List<Long> memory) {
    System.out.printf(
        Locale.ROOT,
        "%d clients and %d slow or broken ones, %.1f minutes: %d runs accepted, %d done, %d cancelled, %d failed, %d lost;"
            + " the queue was full %d times, %d calls were answered wrongly, %d connections were broken off%n",
        clients,
        slow,
        minutes,
        tally.accepted.get(),
        tally.done.get(),
        tally.cancelled.get(),
        tally.failed.get(),
        tally.lost.get(),
        tally.full.get(),
        tally.wrong.get(),
        tally.broken.get());
    System.out.println("a call that asks, ms: " + spread(tally.calls, 1000));
    System.out.println("from asking to the result, s: " + spread(tally.waits, 1));
    System.out.println("lines in the log: " + log.size());
    log.stream().limit(5).forEach(System.out::println);
    tally.told.stream().limit(5).forEach(System.out::println);
    int warm = memory.size() / 5;
    if (memory.size() > 4) {
      System.out.printf(
          Locale.ROOT,
          "resident memory: %d MiB after a minute, %d MiB after a fifth of the time, %d MiB at the end%n",
          memory.get(1) >> 20,
          memory.get(warm) >> 20,
          memory.getLast() >> 20);
    }
    return tally.lost.get() + tally.failed.get() + tally.wrong.get() == 0 && log.isEmpty();
  }

  private static String spread(List<Double> seconds, double scale) {
    List<Double> sorted = seconds.stream().sorted().toList();
    return sorted.isEmpty()
        ? "none"
        : String.format(
            Locale.ROOT,
            "median %.1f, 95 %% %.1f, most %.1f, of %d",
            scale * sorted.get(sorted.size() / 2),
            scale * sorted.get((int) (0.95 * (sorted.size() - 1))),
            scale * sorted.getLast(),
            sorted.size());
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static HttpResponse<byte[]> send(HttpClient http, HttpRequest.Builder call)
      throws IOException, InterruptedException {
    return http.send(
        call.timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpClient http, HttpRequest.Builder call)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(http, call);
    byte[] body = response.body();
    if (response.headers().firstValue("Content-Encoding").orElse("").equals("gzip")) {
      try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
        body = in.readAllBytes();
      }
    }
    return JSON.readTree(new String(body, StandardCharsets.UTF_8));
  }

  /// Asks one thing after the other, and waits for each.
  private static void ask(
      URI address,
      List<String> pictures,
      List<String> questions,
      SplittableRandom random,
      long end,
      Tally tally) {
    try (HttpClient http = client()) {
      while (System.nanoTime() < end) {
        int sample = random.nextInt(pictures.size());
        String kind =
            KINDS.get(random.nextInt(KINDS.size())).replace("SEED", "" + random.nextInt(1 << 20));
        String request =
            """
            {"request": %s, "question": {"text": "%s", "pictures": [{"kind": "stored", "sha256": "%s"}]}}
            """
                .formatted(kind, questions.get(sample), pictures.get(sample));
        try {
          once(http, address, request, kind.equals(CANCELLED), tally);
        } catch (IOException e) {
          tally.wrong.incrementAndGet();
          tally.told.add(String.valueOf(e));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void once(
      HttpClient http, URI address, String request, boolean cancels, Tally tally)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<byte[]> asked =
        send(
            http,
            HttpRequest.newBuilder(address.resolve("/api/runs?again=true"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request)));
    tally.calls.add((System.nanoTime() - start) / 1e9);
    if (asked.statusCode() == 429) {
      tally.full.incrementAndGet();
      Thread.sleep(1000);
      return;
    }
    if (asked.statusCode() != 202) {
      tally.wrong.incrementAndGet();
      tally.told.add(new String(asked.body(), StandardCharsets.UTF_8));
      return;
    }
    tally.accepted.incrementAndGet();
    String run =
        "/api/runs/"
            + JSON.readTree(new String(asked.body(), StandardCharsets.UTF_8)).path("id").asString();
    if (cancels) {
      Thread.sleep(300);
      send(
          http,
          HttpRequest.newBuilder(address.resolve(run + "/cancel"))
              .POST(HttpRequest.BodyPublishers.noBody()));
    }
    switch (ended(http, address, run)) {
      case "DONE" -> {
        JsonNode result = json(http, HttpRequest.newBuilder(address.resolve(run + "/result")));
        tally.waits.add((System.nanoTime() - start) / 1e9);
        (result.path("value").isObject() ? tally.done : tally.lost).incrementAndGet();
        // What is done need not be kept: an hour of it would be gigabytes.
        send(http, HttpRequest.newBuilder(address.resolve(run)).DELETE());
      }
      case "CANCELLED" -> (cancels ? tally.cancelled : tally.lost).incrementAndGet();
      case "FAILED" -> {
        tally.failed.incrementAndGet();
        tally.told.add(
            json(http, HttpRequest.newBuilder(address.resolve(run))).path("error").toString());
      }
      default -> tally.lost.incrementAndGet();
    }
  }

  /// How a run ended, as its events tell it.
  private static String ended(HttpClient http, URI address, String run)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    HttpResponse<InputStream> events =
        http.send(
            HttpRequest.newBuilder(address.resolve(run + "/events")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = events.body()) {
      String last = "";
      for (String line :
          (Iterable<String>)
              new java.io.BufferedReader(new java.io.InputStreamReader(in, StandardCharsets.UTF_8))
                      .lines()
                  ::iterator) {
        if (last.equals("event: end") && line.startsWith("data: ")) {
          return JSON.readTree(line.substring(6)).path("state").asString();
        }
        last = line;
        if (System.nanoTime() > end) {
          break;
        }
      }
    }
    return "";
  }

  /// Sends a byte now and then, breaks off in the middle of a body, or reads a large answer slowly
  /// and hangs up before its end.
  private static void annoy(URI address, SplittableRandom random, long end, Tally tally) {
    byte[] half =
        "POST /api/runs HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"request\":"
            .formatted(address.getHost(), address.getPort())
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole =
        "GET /openapi.json HTTP/1.1\r\nHost: %s:%d\r\n\r\n"
            .formatted(address.getHost(), address.getPort())
            .getBytes(StandardCharsets.ISO_8859_1);
    while (System.nanoTime() < end) {
      try (Socket socket = new Socket(address.getHost(), address.getPort())) {
        socket.setSoTimeout(1000);
        if (random.nextInt(3) == 0) {
          socket.getOutputStream().write(whole);
          for (int i = 0; i < 100 && System.nanoTime() < end; i++) {
            if (socket.getInputStream().read() < 0) {
              break;
            }
            Thread.sleep(50);
          }
          tally.broken.incrementAndGet();
          continue;
        }
        boolean slowly = random.nextBoolean();
        for (int i = 0; i < half.length && System.nanoTime() < end; i++) {
          socket.getOutputStream().write(half[i]);
          if (slowly) {
            Thread.sleep(200);
          }
        }
        tally.broken.incrementAndGet();
        Thread.sleep(500);
      } catch (IOException e) {
        tally.broken.incrementAndGet(); // the studio had enough of it, as it may
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }
}
