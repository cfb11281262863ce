package dev.lynceus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.lynceus.method.PlantedMethod;
import dev.lynceus.nn.PlantedUpwardUse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The floors of the core. Imports point down only:
///
/// ```
/// verify         compares all of it with reference values
/// request        what can be asked, as data, and what comes of it
/// method
/// run            drives models: captures, generation, replays
/// model..        calls the tap at every named activation
/// tap            points, captures, interventions
/// nn text image  building blocks
/// tensor
/// error
/// ```
class CoreRulesTest {
  private static final ArchRule IMPORTS_POINT_DOWN =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("verify")
          .definedBy("dev.lynceus.verify..")
          .layer("request")
          .definedBy("dev.lynceus.request..")
          .layer("method")
          .definedBy("dev.lynceus.method..")
          .layer("run")
          .definedBy("dev.lynceus.run..")
          .layer("model")
          .definedBy("dev.lynceus.model..")
          .layer("tap")
          .definedBy("dev.lynceus.tap..")
          .layer("blocks")
          .definedBy("dev.lynceus.nn..", "dev.lynceus.text..", "dev.lynceus.image..")
          .layer("tensor")
          .definedBy("dev.lynceus.tensor..")
          .layer("error")
          .definedBy("dev.lynceus.error..")
          .whereLayer("verify")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("request")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("method")
          .mayOnlyBeAccessedByLayers("verify", "request")
          .whereLayer("run")
          .mayOnlyBeAccessedByLayers("verify", "request", "method")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("verify", "request", "method", "run")
          .whereLayer("tap")
          .mayOnlyBeAccessedByLayers("verify", "request", "method", "run", "model")
          .whereLayer("blocks")
          .mayOnlyBeAccessedByLayers("verify", "request", "method", "run", "model", "tap")
          .whereLayer("tensor")
          .mayOnlyBeAccessedByLayers(
              "verify", "request", "method", "run", "model", "tap", "blocks");

  private final JavaClasses module = new ClassFileImporter().importPath(Path.of("target/classes"));

  @Test
  void importsPointDown() {
    IMPORTS_POINT_DOWN.check(module);
  }

  @Test
  void anImportThatPointsUpIsCaught() {
    JavaClasses planted =
        new ClassFileImporter().importClasses(PlantedUpwardUse.class, PlantedMethod.class);

    assertThat(IMPORTS_POINT_DOWN.evaluate(planted).hasViolation()).isTrue();
  }

  @Test
  void libtorchIsReachedThroughTheSeamOnly() {
    noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..").check(module);
  }

  @Test
  void theFacesAreUnknownHere() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.lynceus.report..",
            "dev.lynceus.pupil..",
            "dev.lynceus.cli..",
            "dev.lynceus.bench..",
            "picocli..")
        .check(module);
  }

  @Test
  void scienceDoesNotPrint() {
    noClasses().should(ACCESS_STANDARD_STREAMS).check(module);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.lynceus.(*)..").should().beFreeOfCycles().check(module);
  }

  @Test
  void modelFamiliesHaveNoCycles() {
    slices()
        .matching("dev.lynceus.model.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(module);
  }
}
