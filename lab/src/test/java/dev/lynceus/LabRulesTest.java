package dev.lynceus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What the lab promises: it is a library, known by faces alone, and its rooms stand one above the
/// other.
class LabRulesTest {
  private final JavaClasses lab = new ClassFileImporter().importPath(Path.of("target/classes"));

  @Test
  void theLabKnowsNoFaceAndNoNativeCode() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..", "dev.lynceus.cli..", "dev.lynceus.bench..")
        .check(lab);
  }

  @Test
  void theLabDoesNotPrint() {
    noClasses().should(ACCESS_STANDARD_STREAMS).check(lab);
  }

  @Test
  void noTwoPackagesNeedEachOther() {
    slices().matching("dev.lynceus.lab.(*)..").should().beFreeOfCycles().check(lab);
  }
}
