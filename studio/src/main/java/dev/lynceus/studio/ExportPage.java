package dev.lynceus.studio;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The page with what is known of one question, as a file: script, style, results and pictures lie
/// inside, and nothing is fetched.
///
/// @param library where results are
/// @param page as the build made it
record ExportPage(Library library, PageFiles page) {

  /// What lies in the file.
  ///
  /// @param version of Lynceus
  /// @param run that was chosen
  /// @param runs all about its question, each with its request and its result
  /// @param pictures by their sums, as `data:` addresses
  /// @param scales of maps
  /// @param terms that are explained
  record Contents(
      String version,
      String run,
      List<Run> runs,
      Map<String, Shot> pictures,
      List<Routes.Scale> scales,
      List<Routes.TermInfo> terms) {}

  /// A run with all that it gave.
  record Run(RunInfo info, JsonNode request, JsonNode result) {}

  /// A picture.
  record Shot(PictureInfo info, String address) {}

  String html(RunInfo chosen) {
    if (!page.isThere()) {
      throw new Problem.Refusal(
          404,
          "NO_PAGE",
          "this build has no page to put results into",
          "Build with npm on the path; results can be had as JSON and CSV.");
    }
    List<Run> runs =
        library.about(chosen.subject()).stream()
            .map(kept ->
                new Run(
                    kept.info(),
                    JsonMapper.shared().readTree(kept.request()),
                    JsonMapper.shared()
                        .readTree(
                            RunRoutes.unzipped(library.result(kept.info().id()).orElseThrow()))))
            .toList();
    Map<String, Shot> pictures = new LinkedHashMap<>();
    for (String sum : chosen.pictures()) {
      PictureInfo info =
          library.picture(sum).orElseThrow(() -> Problem.notFound("its picture is gone"));
      pictures.put(
          sum,
          new Shot(
              info,
              "data:"
                  + info.type()
                  + ";base64,"
                  + Base64.getEncoder().encodeToString(library.data(sum).orElseThrow())));
    }
    String data =
        Reply.JSON.writeValueAsString(
            new Contents(
                Studio.version(), chosen.id(), runs, pictures, Routes.scales(), Routes.terms()));
    // Nothing in the data may end the element that holds it.
    return page.text(PageFiles.INDEX)
        .replaceFirst(
            "<link[^>]*studio\\.css[^>]*>",
            quoted("<style>" + page.text(PageFiles.STYLE).replace("</", "<\\/") + "</style>"))
        .replaceFirst("<script[^>]*studio\\.js[^>]*></script>", "")
        .replaceFirst(
            "</head>",
            quoted(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src"
                    + " 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:\"></head>"))
        .replaceFirst(
            "</body>",
            quoted(
                "<script type=\"application/json\" id=\"kept\">"
                    + data.replace("<", "\\u003c")
                    + "</script><script type=\"module\">"
                    + page.text(PageFiles.SCRIPT).replace("</script", "<\\/script")
                    + "</script></body>"));
  }

  private static String quoted(String text) {
    return java.util.regex.Matcher.quoteReplacement(text);
  }
}
