package dev.lynceus.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lynceus.cli.Browser.Page;
import dev.lynceus.studio.Studio;
import dev.lynceus.studio.StudioOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A studio with a store of its own and a browser that visits it, for the tests of a class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StudioVisit {
  @TempDir static Path folder;
  Browser browser;
  Studio studio;
  Page page;

  @BeforeAll
  void openStudio() throws Exception {
    assumeTrue(Files.isExecutable(Browser.CHROMIUM), "no browser: " + Browser.CHROMIUM);
    studio =
        Studio.start(
            StudioOptions.local(folder.resolve("store")),
            line -> {
              throw new IllegalStateException(line);
            });
    assumeTrue(studio.hasPage(), "this build has no page: there was no npm");
    browser = new Browser(folder.resolve("browser"));
  }

  @AfterAll
  void closeStudio() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (studio != null) {
      studio.close();
    }
  }

  /// Opens the page anew.
  ///
  /// @param hash what its address says
  /// @param until what is waited for
  void visit(String hash, String until) throws Exception {
    page = browser.visit(URI.create(studio.address() + "#" + hash), 1280, false, false);
    page.await("document.querySelector('" + until + "')");
  }

  void click(String selector) throws Exception {
    page.await("document.querySelector(\"" + selector + "\")");
    page.evaluate("document.querySelector(\"" + selector + "\").click(); true");
  }

  String text(String selector) throws Exception {
    return page.evaluate("document.querySelector(\"" + selector + "\")?.innerText ?? ''")
        .asString();
  }

  int count(String selector) throws Exception {
    return page.evaluate("document.querySelectorAll(\"" + selector + "\").length").asInt();
  }
}
