package dev.lynceus.report;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation;
import dev.lynceus.tensor.file.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// The explanation of one answer as one HTML file that needs nothing else: no network, no server,
/// no other file. Pictures, numbers, styles and scripts are inside; the file's own content security
/// policy forbids anything from outside and any script but its own.
///
/// ```java
/// ExplanationPage.write(Path.of("why.html"), explanation, List.of(new PagePicture(original, seen)));
/// ```
public final class ExplanationPage {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ExplanationPage() {}

  /// Writes the page to `file`.
  ///
  /// @param pictures one for each of [Explanation#images()], in order
  /// @throws LynceusException `NOT_WRITABLE` when the file cannot be written, `INTERNAL` when parts
  ///   of the explanation do not fit together
  public static void write(Path file, Explanation explanation, List<PagePicture> pictures) {
    AtomicFile.write(file, html(explanation, pictures).getBytes(StandardCharsets.UTF_8));
  }

  /// The page as text.
  ///
  /// @param pictures one for each of [Explanation#images()], in order
  public static String html(Explanation explanation, List<PagePicture> pictures) {
    Consistency.check(explanation, pictures);
    String question = explanation.prompt().question();
    Map<String, String> parts = new LinkedHashMap<>();
    String style = PageParts.style();
    String script = PageParts.script();
    parts.put("policy", PageParts.policy(style, script));
    parts.put("title", Escape.html((question.isBlank() ? "Explanation" : question) + " · Lynceus"));
    parts.put("question", Escape.html(question));
    parts.put("answer", Escape.html(explanation.answer().text()));
    parts.put(
        "notes",
        notes(
            Stream.concat(explanation.answer().notes().stream(), explanation.notes().stream())
                .toList()));
    parts.put("style", style);
    parts.put("script", script);
    parts.put("explanation", Escape.jsonInScript(ExplanationJson.compact(explanation)));
    parts.put("pictures", Escape.jsonInScript(JSON.writeValueAsString(urls(pictures))));
    parts.put("scales", JSON.writeValueAsString(scales()));
    return PageParts.fill(parts);
  }

  /// What should be known before the maps are believed; nothing where all is well.
  private static String notes(List<String> notes) {
    return notes.isEmpty()
        ? ""
        : notes.stream()
            .map(Escape::html)
            .collect(
                Collectors.joining("<br>", "<p class=\"caption\" id=\"notes\">Note: ", "</p>"));
  }

  private static List<Map<String, String>> urls(List<PagePicture> pictures) {
    return pictures.stream()
        .map(p -> Map.of("original", ImageData.url(p.original()), "seen", ImageData.url(p.seen())))
        .toList();
  }

  private static Map<String, String> scales() {
    return Map.of(
        "sequential", ColourScale.SEQUENTIAL.packed(),
        "diverging-light", ColourScale.DIVERGING_LIGHT.packed(),
        "diverging-dark", ColourScale.DIVERGING_DARK.packed());
  }
}
