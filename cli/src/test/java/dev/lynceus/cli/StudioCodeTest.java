package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.request.Request;
import dev.lynceus.request.RequestJson;
import dev.lynceus.studio.JavaCode;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java that the studio tells of a run is Java, and makes the request that the run was.
class StudioCodeTest {
  @TempDir Path folder;

  @Test
  void itCompilesAndAsksTheSame() throws Exception {
    Map<String, Request<?>> all = new TreeMap<>();
    List<Request<?>> examples = new ArrayList<>(RequestsTest.examples());
    examples.add(
        RequestJson.read(
            """
            {"request": "ask", "model": {"name": "org/other", "dtype": "float64"}, "question":
             {"text": "Say \\"hi\\"\\n\\\\ é?", "start": "It's", "form": "raw"}}
            """));
    for (int i = 0; i < examples.size(); i++) {
      all.put("asked" + i, examples.get(i));
    }
    List<Path> files = new ArrayList<>();
    for (var one : all.entrySet()) {
      String code =
          "package "
              + one.getKey()
              + ";\n"
              + new JavaCode(sum -> sum, name -> name).of(one.getValue());
      Path file = folder.resolve("src").resolve(one.getKey()).resolve("Asked.java");
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, code));
    }
    compile(files);
    URL[] classes = {folder.resolve("classes").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      for (var one : all.entrySet()) {
        var method = loader.loadClass(one.getKey() + ".Asked").getDeclaredMethod("request");
        method.setAccessible(true);
        assertThat(method.invoke(null)).as(one.getKey()).isEqualTo(one.getValue());
      }
    }
  }

  private void compile(List<Path> files) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    var compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (var manager = compiler.getStandardFileManager(found, null, null)) {
      compiler
          .getTask(
              null,
              manager,
              found,
              List.of(
                  "-proc:none",
                  "-d",
                  classes.toString(),
                  "-cp",
                  System.getProperty("java.class.path")),
              null,
              manager.getJavaFileObjectsFromPaths(files))
          .call();
    }
    assertThat(
            found.getDiagnostics().stream()
                .filter(one -> one.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .map(one -> one.getSource().getName() + ": " + one.getMessage(null))
                .toList())
        .isEmpty();
  }
}
