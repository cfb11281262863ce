package dev.lynceus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.lynceus.error.PlantedNativeUse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What the tensor module promises: it is the seam, so libtorch stays in two packages of it.
class TensorRulesTest {
  private static final ArchRule NATIVE_CODE_STAYS_IN_THE_SEAM =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.lynceus.tensor", "dev.lynceus.tensor.internal..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because("only dev.lynceus.tensor and its internal package know libtorch");

  private final JavaClasses module = new ClassFileImporter().importPath(Path.of("target/classes"));

  @Test
  void nativeCodeStaysInTheSeam() {
    NATIVE_CODE_STAYS_IN_THE_SEAM.check(module);
  }

  @Test
  void aNativeTypeElsewhereIsCaught() {
    JavaClasses planted = new ClassFileImporter().importClasses(PlantedNativeUse.class);

    assertThat(NATIVE_CODE_STAYS_IN_THE_SEAM.evaluate(planted).hasViolation()).isTrue();
  }

  @Test
  void errorsKnowNothingOfTensors() {
    noClasses()
        .that()
        .resideInAPackage("dev.lynceus.error..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.lynceus.tensor..")
        .check(module);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.lynceus.(*)..").should().beFreeOfCycles().check(module);
  }
}
