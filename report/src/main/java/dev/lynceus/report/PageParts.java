package dev.lynceus.report;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The resources that the page is made of, and how they are put together.
final class PageParts {
  private static final List<String> STYLES =
      List.of("ground.css", "draw.css", "page.css", "stage.css", "figures.css");

  /// The second is built from the sources of the studio's page, see `studio/ui/page.mjs`.
  private static final List<String> SCRIPTS = List.of("theme.js", "page.js");

  private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z]+)}}");

  private PageParts() {}

  /// All style sheets, in order.
  static String style() {
    return STYLES.stream().map(PageParts::resource).collect(Collectors.joining("\n", "\n", ""));
  }

  /// Style sheets of pages without scripts, in order.
  static String staticStyle() {
    return Stream.of("ground.css", "page.css", "figures.css", "static.css")
        .map(PageParts::resource)
        .collect(Collectors.joining("\n", "\n", ""));
  }

  /// A style sheet or script of one page alone.
  static String sheet(String name) {
    return "\n" + resource(name);
  }

  /// The script of pages that have no other: the switch between dark and light.
  static String staticScript() {
    return resource("theme.js")
        .lines()
        .collect(
            Collectors.joining(
                "\n", "\n(() => {\n'use strict';\n", "\nbuildTheme(() => {});\n})();\n"));
  }

  /// The bar at the top with nothing in it but the name and the switch, cut out of the page's own
  /// template.
  static String bar() {
    String page = resource("page.html");
    return "<header class=\"bar\">"
        + cut(page, "<span class=\"brand\">", "</span>")
        + cut(page, "<button class=\"ghost\"", "</button>")
        + "</header>\n";
  }

  private static String cut(String page, String from, String to) {
    int start = page.indexOf(from);
    return page.substring(start, page.indexOf(to, start) + to.length());
  }

  /// All scripts in one function scope: they share names with each other and with nothing else.
  static String script() {
    return SCRIPTS.stream()
        .map(PageParts::resource)
        .collect(Collectors.joining("\n", "\n(() => {\n'use strict';\n", "\n})();\n"));
  }

  /// The same for pages whose charts carry colours of their own: any style of the page itself.
  static String policy(String script) {
    return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src "
        + hash(script)
        + "; base-uri 'none'; form-action 'none'";
  }

  /// Nothing may be loaded; only this style sheet and this script, known by their hashes, may act.
  static String policy(String style, String script) {
    return "default-src 'none'; img-src data:; style-src "
        + hash(style)
        + "; script-src "
        + hash(script)
        + "; base-uri 'none'; form-action 'none'";
  }

  /// The template with its slots filled in one pass, so that a text that looks like a slot stays a
  /// text.
  static String fill(Map<String, String> parts) {
    return SLOT.matcher(resource("page.html")).replaceAll(slot -> quoted(parts, slot));
  }

  private static String quoted(Map<String, String> parts, MatchResult slot) {
    String part = parts.get(slot.group(1));
    if (part == null) {
      throw new IllegalStateException("page.html has an unknown slot " + slot.group());
    }
    return Matcher.quoteReplacement(part);
  }

  private static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = PageParts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new LynceusException(
            ErrorCode.INTERNAL, "Resource " + name + " is missing", "Build Lynceus again.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.INTERNAL, "Resource " + name + " cannot be read", "Build Lynceus again.", e);
    }
  }
}
