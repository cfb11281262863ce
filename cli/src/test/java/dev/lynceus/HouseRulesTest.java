package dev.lynceus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rules that need the whole house in sight. The rules of one module are tested in that module.
class HouseRulesTest {
  private static final Path ROOT = Path.of("..");
  private static final int LONGEST_FILE = 400;

  /// Longer, and still one thing: the handle of an array has one short method per operation.
  private static final Set<Path> LONG_BY_NATURE =
      Set.of(ROOT.resolve("tensor/src/main/java/dev/lynceus/tensor/Tensor.java"));

  private static final Pattern LIBTORCH_IMPORT =
      Pattern.compile("^import (static )?org\\.bytedeco\\.", Pattern.MULTILINE);
  private static final Pattern MODULE = Pattern.compile("/([^/]+)/target/[^/]+");

  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.lynceus");

  @Test
  void modulesDependDownwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("cli")
        .definedBy("dev.lynceus.cli..")
        .layer("lab")
        .definedBy("dev.lynceus.lab..")
        .layer("studio")
        .definedBy("dev.lynceus.studio..")
        .layer("pupil")
        .definedBy("dev.lynceus.pupil..")
        .layer("report")
        .definedBy("dev.lynceus.report..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("lab")
        .mayOnlyBeAccessedByLayers("cli", "studio")
        .whereLayer("studio")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("pupil")
        .mayOnlyBeAccessedByLayers("cli", "lab", "studio")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("cli", "lab", "studio")
        .check(house);
  }

  @Test
  void internalPackagesStayInTheirModule() {
    classes().should(useInternalsOfTheirOwnModuleOnly()).check(house);
  }

  @Test
  void onlyMainEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.lynceus.cli.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(house);
  }

  /// Whoever opens a file by another way waits for pipes and reads devices without end.
  @Test
  void filesAreReadInOnePlaceOnly() {
    classes()
        .that()
        .doNotHaveFullyQualifiedName("dev.lynceus.tensor.file.InputFile")
        .and()
        .doNotHaveFullyQualifiedName("dev.lynceus.cli.Cores") // asks the kernel
        .and()
        .doNotHaveFullyQualifiedName("dev.lynceus.tensor.Kernel") // the same
        .should(notReadFiles())
        .check(house);
  }

  /// Open what they have made, or what was found to be a regular file.
  private static final Set<String> WRITERS = Set.of("AtomicFile", "PrivateCopy", "LedgerLines");

  private static ArchCondition<JavaClass> notReadFiles() {
    Set<String> readers =
        Set.of(
            "java.nio.file.Files.readAllBytes",
            "java.nio.file.Files.readString",
            "java.nio.file.Files.readAllLines",
            "java.nio.file.Files.lines",
            "java.nio.file.Files.newInputStream",
            "java.nio.file.Files.newBufferedReader",
            "java.nio.file.Files.newByteChannel",
            "java.io.FileInputStream.<init>",
            "java.io.FileReader.<init>",
            "java.io.RandomAccessFile.<init>",
            "java.util.Scanner.<init>");
    return new ArchCondition<>("read files through InputFile only") {
      @Override
      public void check(JavaClass user, ConditionEvents events) {
        for (var call : user.getCodeUnitAccessesFromSelf()) {
          String owner = call.getTargetOwner().getFullName();
          String called = owner + "." + call.getTarget().getName();
          boolean opens =
              called.equals("java.nio.channels.FileChannel.open")
                  && !WRITERS.contains(user.getSimpleName());
          boolean parses =
              !call.getTarget().getName().startsWith("write")
                  && (owner.startsWith("tools.jackson.") || owner.startsWith("javax.imageio."))
                  && call.getTarget().getRawParameterTypes().stream()
                      .anyMatch(type ->
                          type.isAssignableTo(Path.class) || type.isAssignableTo(File.class));
          if (readers.contains(called) || opens || parses) {
            events.add(SimpleConditionEvent.violated(user, call.getDescription()));
          }
        }
      }
    };
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIs() {
    List<String> wrong = new ArrayList<>();
    TreeSet<Path> packages = new TreeSet<>();
    for (Path source : mainSources()) {
      packages.add(source.getParent());
    }
    for (Path folder : packages) {
      Path info = folder.resolve("package-info.java");
      if (!Files.isRegularFile(info)) {
        wrong.add(folder + " has no package-info.java");
      } else if (!text(info).contains("@NullMarked")) {
        wrong.add(info + " is not @NullMarked");
      } else if (!text(info).startsWith("///")) {
        wrong.add(info + " does not say what the package is");
      }
    }

    assertThat(packages).isNotEmpty();
    assertThat(wrong).isEmpty();
  }

  @Test
  void noFileIsTwoThings() {
    assertThat(mainSources())
        .filteredOn(source -> !LONG_BY_NATURE.contains(source))
        .filteredOn(source -> text(source).lines().count() > LONGEST_FILE)
        .isEmpty();
  }

  @Test
  void onlyTheTensorModuleImportsLibtorch() {
    assertThat(sources("src"))
        .filteredOn(source -> !source.startsWith(ROOT.resolve("tensor")))
        .noneMatch(source -> LIBTORCH_IMPORT.matcher(text(source)).find());
  }

  private static ArchCondition<JavaClass> useInternalsOfTheirOwnModuleOnly() {
    return new ArchCondition<>("use internal packages of their own module only") {
      @Override
      public void check(JavaClass user, ConditionEvents events) {
        for (var dependency : user.getDirectDependenciesFromSelf()) {
          JavaClass used = dependency.getTargetClass().getBaseComponentType();
          boolean internal =
              used.getPackageName().startsWith("dev.lynceus.")
                  && (used.getPackageName() + ".").contains(".internal.");
          if (internal && !module(used).equals(module(user))) {
            events.add(SimpleConditionEvent.violated(user, dependency.getDescription()));
          }
        }
      }
    };
  }

  /// The folder of the module that a class was compiled in: `core` for `…/core/target/classes/…`
  /// and for `…/core/target/lynceus-core-….jar!/…`.
  private static String module(JavaClass type) {
    String source = type.getSource().orElseThrow().getUri().toString();
    Matcher matcher = MODULE.matcher(source);
    assertThat(matcher.find()).as(source).isTrue();
    return matcher.group(1);
  }

  private static List<Path> mainSources() {
    return sources("src/main/java");
  }

  /// All Java files below a folder that each module may have.
  private static List<Path> sources(String folder) {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(m -> Files.isRegularFile(m.resolve("pom.xml"))).toList()) {
        if (Files.isDirectory(module.resolve(folder))) {
          try (Stream<Path> files = Files.walk(module.resolve(folder))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
