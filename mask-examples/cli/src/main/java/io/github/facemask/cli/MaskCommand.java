package io.github.facemask.cli;

import io.github.facemask.cli.data.AnalyseCommand;
import io.github.facemask.cli.data.AuditCropsCommand;
import io.github.facemask.cli.data.AuditLabelsCommand;
import io.github.facemask.cli.data.CropCommand;
import io.github.facemask.cli.data.GalleryCommand;
import io.github.facemask.cli.data.PseudoLabelCommand;
import io.github.facemask.cli.data.SynthCommand;
import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.model.EnsembleCommand;
import io.github.facemask.cli.model.EvaluateCommand;
import io.github.facemask.cli.model.ExportCommand;
import io.github.facemask.cli.model.ModelsCommand;
import io.github.facemask.cli.model.ProbeCommand;
import io.github.facemask.cli.model.ServeCommand;
import io.github.facemask.cli.model.SoupCommand;
import io.github.facemask.cli.model.SubmitCommand;
import io.github.facemask.cli.model.VerifyBackboneCommand;
import io.github.facemask.cli.options.ValueConverters;
import io.github.facemask.cli.predict.PredictCommand;
import io.github.facemask.cli.report.CompareCommand;
import io.github.facemask.cli.report.ReportCommand;
import io.github.facemask.cli.report.TraceCommand;
import io.github.facemask.cli.train.CrossValidateCommand;
import io.github.facemask.cli.train.FindRateCommand;
import io.github.facemask.cli.train.ReproduceCommand;
import io.github.facemask.cli.train.ResumeCommand;
import io.github.facemask.cli.train.RunsCommand;
import io.github.facemask.cli.train.TrainCommand;
import io.github.facemask.provenance.Environment;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The {@code mask} command. */
@Command(
    name = "mask",
    description = {
      "Trains and runs classifiers of face photos: mask, gender and age group, 18 classes.",
      ""
    },
    footer = {
      "",
      "From photos to a submission:",
      "  mask synth --out photos              draws synthetic photos, if you have none",
      "  mask analyse --data photos           shows an analysis of the photos",
      "  mask train --data photos             trains; writes runs/<run>/",
      "  mask evaluate --data photos --model runs/<run>",
      "  mask ensemble --out best runs/<a> runs/<b>",
      "  mask submit --data photos --model best --out submission.csv",
      "  mask report --data photos --model best --out report.html",
      "All steps in one command: mask quickstart",
      "",
      "Exit codes: 0 done, 1 a defect of this program, 2 wrong input or missing on this machine,",
      "3 done, but photos could not be read (mask predict), 130 and 143 stopped by a signal."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = MaskCommand.Version.class,
    subcommands = {
      DoctorCommand.class,
      SynthCommand.class,
      AnalyseCommand.class,
      CropCommand.class,
      AuditCropsCommand.class,
      GalleryCommand.class,
      TrainCommand.class,
      FindRateCommand.class,
      CrossValidateCommand.class,
      ResumeCommand.class,
      RunsCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      ServeCommand.class,
      EnsembleCommand.class,
      SoupCommand.class,
      ExportCommand.class,
      SubmitCommand.class,
      TraceCommand.class,
      ReproduceCommand.class,
      ReportCommand.class,
      CompareCommand.class,
      ProbeCommand.class,
      AblateCommand.class,
      SearchCommand.class,
      AuditLabelsCommand.class,
      PseudoLabelCommand.class,
      QuickstartCommand.class,
      ModelsCommand.class,
      VerifyBackboneCommand.class,
    })
public final class MaskCommand {

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where an error comes from.")
  boolean debug;

  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = {
        "Read options from a YAML file, for instance \"epochs: 20\";",
        "options on the command line take precedence."
      })
  java.nio.file.Path config;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Interruption.register(err);
    // Made now, since there may be no memory for it later.
    byte[] noMemory = Failures.noMemory().getBytes(StandardCharsets.UTF_8);
    try {
      int code = commandLine(out, err).execute(args);
      out.flush();
      System.exit(code);
    } catch (OutOfMemoryError e) {
      System.err.write(noMemory, 0, noMemory.length);
      System.err.flush();
      Runtime.getRuntime().halt(Failures.WRONG_INPUT);
    }
  }

  /**
   * Creates the command.
   *
   * @param out receives the results
   * @param err receives messages and progress
   * @return the command line, ready to execute
   */
  public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new MaskCommand());
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
    }
    ReportCommand.relax(line.getSubcommands().get("report").getCommandSpec());
    GroupedHelp.applyTo(line);
    ValueConverters.register(line);
    line.setOut(out).setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setUsageHelpLongOptionsMaxWidth(30);
    line.setExecutionStrategy(MaskCommand::execute);
    line.setParameterExceptionHandler(Failures::wrongOption);
    line.setExecutionExceptionHandler(Failures::failed);
    return line;
  }

  private static int execute(ParseResult parsed) {
    try {
      return ConfigFile.execute(parsed);
    } catch (Error e) { // such as a lack of memory, which picocli lets through
      return Failures.failed(e, parsed);
    }
  }

  /** Prints the version. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"mask " + Environment.libraryVersion()};
    }
  }
}
