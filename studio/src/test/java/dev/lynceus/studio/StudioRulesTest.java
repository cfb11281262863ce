package dev.lynceus.studio;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The server serves: it computes nothing, and asks nobody.
class StudioRulesTest {
  private final JavaClasses studio =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.lynceus.studio");

  @Test
  void thereIsNoScienceInIt() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.lynceus.nn..",
            "dev.lynceus.tap..",
            "dev.lynceus.verify..",
            "dev.lynceus.lab.contest..",
            "dev.lynceus.lab.describe..",
            "dev.lynceus.lab.hallucination..",
            "dev.lynceus.lab.skill..",
            "dev.lynceus.lab.strategy..",
            "dev.lynceus.lab.think..",
            "dev.lynceus.lab.vote..",
            "dev.lynceus.method.causal..",
            "dev.lynceus.method.evidence..",
            "dev.lynceus.method.gradient..",
            "dev.lynceus.method.lens..",
            "dev.lynceus.method.relevancy..",
            "dev.lynceus.method.score..",
            "dev.lynceus.model.decoder..",
            "dev.lynceus.model.stack..",
            "dev.lynceus.model.text..",
            "dev.lynceus.model.vit..",
            "org.bytedeco..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("dev.lynceus.tensor.Tensor")
        .check(studio);
  }

  @Test
  void itAsksNobody() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.net\\.(URL|URLConnection|Socket|DatagramSocket)")
        .check(studio);
  }

  /// Threads that models run in are the lanes of the jobs, so that one model does one thing at a
  /// time.
  @Test
  void onlyJobsRunTasks() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.lynceus.studio.Jobs")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("dev.lynceus.request.Task")
        .check(studio);
  }
}
