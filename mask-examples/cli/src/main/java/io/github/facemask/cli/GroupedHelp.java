package io.github.facemask.cli;

import io.github.facemask.cli.options.HelpHeading;
import io.github.facemask.cli.options.HelpHeading.Heading;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Help that groups options and commands under headings. */
final class GroupedHelp {

  private static final List<String> GENERAL = List.of("--help", "--version", "--debug", "--config");

  private static final Map<String, String> COMMANDS =
      Map.of(
          "data", "Photos and labels",
          "train", "Training",
          "model", "Models",
          "report", "Pages and traces",
          "cli", "Start here");

  /** Packages of one command that is in the group of others. */
  private static final Map<String, String> SINGLE = Map.of("predict", "model");

  private GroupedHelp() {}

  /** Groups options and commands in the help of a command and its subcommands. */
  static void applyTo(CommandLine line) {
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, GroupedHelp::commands);
    for (CommandLine command : line.getSubcommands().values()) {
      UsageMessageSpec usage = command.getCommandSpec().usageMessage();
      usage.customSynopsis(synopsis(command.getCommandSpec()));
      // Line breaks depend on the terminal's width, not on the source.
      usage.description(String.join(" ", usage.description()));
      command
          .getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, GroupedHelp::options);
    }
  }

  /** Returns the required options, and one word for all optional ones. */
  private static String synopsis(CommandSpec command) {
    StringBuilder text = new StringBuilder(command.qualifiedName());
    for (OptionSpec option : command.options()) {
      if (option.required() && option.group() == null) {
        text.append(' ').append(option.longestName()).append('=').append(option.paramLabel());
      }
    }
    text.append(" [OPTIONS]");
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      String several = parameter.arity().isVariable() ? "..." : "";
      text.append(' ')
          .append(
              parameter.arity().min() == 0
                  ? "[" + parameter.paramLabel() + several + "]"
                  : parameter.paramLabel() + several);
    }
    return text.toString();
  }

  private static String options(Help help) {
    Map<Heading, List<OptionSpec>> groups = new EnumMap<>(Heading.class);
    for (OptionSpec option : help.commandSpec().options()) {
      if (!option.hidden() && option.group() == null) {
        groups
            .computeIfAbsent(heading(option), key -> new ArrayList<>())
            .add(inOneParagraph(option));
      }
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Heading, List<OptionSpec>> group : groups.entrySet()) {
      if (groups.size() > 1) {
        text.append(String.format(Locale.ROOT, "%n%s options:%n", group.getKey().text()));
      }
      Help.Layout layout =
          help.createDefaultLayout(group.getValue(), List.of(), help.colorScheme());
      layout.addAllOptions(group.getValue(), help.createDefaultParamLabelRenderer());
      text.append(layout);
    }
    return text.append(help.optionListGroupSections()).toString();
  }

  /**
   * Joins the lines of a description, because the terminal wraps it. Single lines keep their
   * picocli variables.
   */
  private static OptionSpec inOneParagraph(OptionSpec option) {
    return option.description().length < 2
        ? option
        : option.toBuilder().description(String.join(" ", option.description())).build();
  }

  private static Heading heading(OptionSpec option) {
    if (GENERAL.contains(option.longestName())) {
      return Heading.GENERAL;
    }
    if (option.userObject() instanceof Field field) {
      HelpHeading own = field.getAnnotation(HelpHeading.class);
      if (own == null) {
        own = field.getDeclaringClass().getAnnotation(HelpHeading.class);
      }
      if (own != null) {
        return own.value();
      }
    }
    return Heading.RUN;
  }

  private static String commands(Help help) {
    Map<String, Map<String, Help>> groups = new LinkedHashMap<>();
    for (String group : List.of("cli", "data", "train", "model", "report")) {
      groups.put(group, new LinkedHashMap<>());
    }
    help.subcommands()
        .forEach(
            (name, one) -> {
              String path = one.commandSpec().userObject().getClass().getPackageName();
              // They run other commands, so their classes lie above those packages.
              boolean ofRuns = name.equals("ablate") || name.equals("search");
              String last = path.substring(path.lastIndexOf('.') + 1);
              String group = ofRuns ? "train" : SINGLE.getOrDefault(last, last);
              groups.get(group).put(name, one);
            });
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (group, commands) ->
            text.append(String.format(Locale.ROOT, "%n%s:%n", COMMANDS.get(group)))
                .append(help.commandList(commands)));
    return text.toString();
  }
}
