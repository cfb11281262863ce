package dev.lynceus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// What the report module promises: it draws results, and neither computes nor prints them.
class ReportRulesTest {
  private final JavaClasses report = new ClassFileImporter().importPackages("dev.lynceus.report");

  @Test
  void drawingKnowsNoNativeCodeAndNoOtherFace() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.bytedeco..", "dev.lynceus.pupil..", "dev.lynceus.cli..", "dev.lynceus.bench..")
        .allowEmptyShould(true)
        .check(report);
  }

  @Test
  void drawingDoesNotPrint() {
    noClasses().should(ACCESS_STANDARD_STREAMS).allowEmptyShould(true).check(report);
  }
}
