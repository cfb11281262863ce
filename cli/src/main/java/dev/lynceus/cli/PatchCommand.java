package dev.lynceus.cli;

import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.PatchRequest;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus patch`: activation patching between two pictures.
@Command(
    name = "patch",
    header = "Put states of a run about another picture into this one, and see what changes.",
    description = {
      "",
      "Both runs have the same question. Measures the next token; --start says what the answer",
      "begins with.",
      ""
    },
    sortOptions = false)
final class PatchCommand extends MapCommand {
  @Option(
      names = "--other",
      required = true,
      paramLabel = "IMAGE",
      description = "The picture that states are taken from, in place of the first one.")
  String other = "";

  @Mixin SiteOptions sites = new SiteOptions();

  PatchCommand(Console console) {
    super(console);
  }

  @Override
  PatchRequest request(ModelSpec model, Question question, Measure measure) {
    return new PatchRequest(model, question, measure, new PictureRef.File(other), sites.site());
  }
}
