package dev.lynceus.cli;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The help of a command with descriptions that flow: where a line of the source ends is no place
/// to end a line on the screen, and wrapped lines stand below the first.
final class FlowingHelp extends Help {

  FlowingHelp(CommandSpec spec, ColorScheme colours) {
    super(spec, colours);
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer plain = super.createDefaultOptionRenderer();
    return (option, labels, colours) ->
        plain.render(
            OptionSpec.builder(option).description(flowing(option.description())).build(),
            labels,
            colours);
  }

  @Override
  public IParameterRenderer createDefaultParameterRenderer() {
    IParameterRenderer plain = super.createDefaultParameterRenderer();
    return (parameter, labels, colours) ->
        plain.render(
            PositionalParamSpec.builder(parameter)
                .description(flowing(parameter.description()))
                .build(),
            labels,
            colours);
  }

  @Override
  public Layout createDefaultLayout() {
    return even(super.createDefaultLayout());
  }

  @Override
  public Layout createDefaultLayout(
      List<OptionSpec> options, List<PositionalParamSpec> parameters, ColorScheme colours) {
    return even(super.createDefaultLayout(options, parameters, colours));
  }

  private static Layout even(Layout layout) {
    layout.textTable().indentWrappedLines = 0;
    return layout;
  }

  private static String flowing(String[] lines) {
    // Rendering formats what is formatted already: a sign for per cent is one still.
    return String.join(" ", lines).strip().replace("%", "%%");
  }
}
