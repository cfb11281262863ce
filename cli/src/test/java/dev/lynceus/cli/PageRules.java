package dev.lynceus.cli;

import dev.lynceus.cli.Browser.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What holds of every page: axe has nothing to say on a wide light screen and on a dark phone,
/// nothing is wider than screen or paper, what can be pressed can be hit, one vocabulary, and one
/// switch between dark and light that a key presses.
final class PageRules {
  static final String AXE =
      "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>"
          + " v.impact + ' ' + v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' +"
          + " n.failureSummary).join('; ')).join('\\n'))";

  /// Things to press that are smaller than 24 pixels.
  private static final String SMALL =
      "[...document.querySelectorAll('button, input, summary')].filter(b => { const r ="
          + " b.getBoundingClientRect(); return r.width > 0 && (r.width < 24 || r.height < 23.5) &&"
          + " !b.closest('.visually-hidden') && !b.closest('.bar-answer') && b.type !== 'radio';"
          + " }).map(b => b.className + ' ' + b.textContent.slice(0, 20)).join('; ')";

  private static final String OVER = "document.documentElement.scrollWidth - innerWidth";

  private static final String TEXT =
      "document.body.innerText + '\\n' + [...document.querySelectorAll('title, [title],"
          + " [aria-label]')].map(e => e.getAttribute('title') ?? e.getAttribute('aria-label') ??"
          + " e.textContent).join('\\n')";

  private static final String GROUND = "getComputedStyle(document.body).backgroundColor";

  private static final String LABEL = "document.querySelector('#theme').getAttribute('aria-label')";

  private static final String PRESS =
      "document.querySelector('#theme').focus(); document.activeElement.click(); true";

  private PageRules() {}

  /// What a page breaks; empty for nothing.
  static List<String> faults(Browser browser, Path page) throws Exception {
    List<String> faults = new ArrayList<>();
    for (boolean dark : new boolean[] {false, true}) {
      int width = dark ? 390 : 1400;
      String where = dark ? "dark, on a phone: " : "light: ";
      Page open = browser.open(page, width, dark);
      open.evaluate(axe() + "; true");
      add(faults, where, open.evaluate(AXE).asString());
      add(faults, where + "too small: ", open.evaluate(SMALL).asString());
      wide(faults, where, open);
      if (!dark) {
        Vocabulary.variants(open.evaluate(TEXT).asString()).forEach(faults::add);
      }
      pressed(faults, open, dark);
      open.close();
    }
    Page paper = browser.open(page, 718, false);
    paper.print();
    wide(faults, "printed: ", paper);
    paper.close();
    return faults;
  }

  private static void pressed(List<String> faults, Page open, boolean dark) throws Exception {
    String before = open.evaluate(GROUND).asString();
    add(faults, "label: ", differs(open, dark ? "Switch to light" : "Switch to dark"));
    open.evaluate(PRESS);
    if (open.evaluate(GROUND).asString().equals(before)) {
      faults.add("the switch does nothing");
    }
    add(faults, "label after: ", differs(open, dark ? "Switch to dark" : "Switch to light"));
    open.evaluate(PRESS);
    if (!open.evaluate(GROUND).asString().equals(before)) {
      faults.add("the switch does not lead back");
    }
    open.evaluate("localStorage.clear(); true");
  }

  private static String differs(Page open, String label) throws Exception {
    String told = open.evaluate(LABEL).asString();
    return told.equals(label) ? "" : told;
  }

  private static void wide(List<String> faults, String where, Page open) throws Exception {
    int over = open.evaluate(OVER).asInt();
    if (over > 0) {
      faults.add(where + over + " pixels too wide");
    }
  }

  private static void add(List<String> faults, String where, String found) {
    if (!found.isEmpty()) {
      faults.add(where + found);
    }
  }

  static String axe() throws IOException {
    try (InputStream script = PageRules.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
