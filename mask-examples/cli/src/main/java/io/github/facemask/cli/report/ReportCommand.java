package io.github.facemask.cli.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.cli.model.FittedNote;
import io.github.facemask.cli.options.BatchOptions;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.Crops;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.Member;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.lab.report.DataSections;
import io.github.facemask.lab.report.EvaluationSections;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.Section;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.sampling.SamplingBalance;
import io.github.facemask.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a report about a model. */
@Command(
    name = "report",
    header = "Writes a self-contained HTML report about a model.",
    description = {
      "Evaluates a run, a model or an ensemble as 'mask evaluate' does, and writes one HTML page",
      "that needs no internet: scores with intervals, confusion matrix, curves, the sampler's",
      "balance, class counts, sample and worst photos with heat maps, mixing, members with their",
      "gain, the trace and all recorded parameters. Needs --data and --model; or --judgement, for",
      "one page over all folds of a cross-validation. 'mask compare' compares runs."
    },
    footer = {"", "Example: mask report --data photos --model best --out report.html"})
public final class ReportCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;
  @Mixin ModelOptions model;
  @Mixin BatchOptions.SamplerOption sampling;

  @Option(
      names = "--runs",
      defaultValue = "runs",
      paramLabel = "DIR",
      description =
          "Folder of the runs of an ensemble or an export, for curves (default: ${DEFAULT-VALUE}).")
  Path runs;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The page.")
  Path out;

  @Option(
      names = "--crops",
      paramLabel = "FILE",
      description = {
        "A table of 'mask crop': the page shows how its faces were found, and models of face crops",
        "use it."
      })
  Path crops;

  @Option(
      names = "--judgement",
      paramLabel = "DIR|FILE",
      description = {
        "Report on all folds of a cross-validation instead of a model: the folder that",
        "'mask cross-validate' wrote, or its file of --judgement. Needs neither --model nor --data;",
        "with --data, the photos are looked for there."
      })
  Path judgement;

  /** Makes options optional that a report on a cross-validation does not need. */
  public static void relax(CommandSpec command) {
    for (String name : List.of("--data", "--model")) {
      OptionSpec option = command.findOption(name);
      command.remove(option);
      command.addOption(option.toBuilder().required(false).build());
    }
  }

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    return judgement == null ? model() : folds();
  }

  private int folds() throws IOException {
    checkArgument(
        model.model == null && crops == null,
        "--judgement is %s, expected neither --model nor --crops with it",
        judgement);
    Optional<PhotoSet> photos =
        data.isGiven() ? Optional.of(data.photos(spec.commandLine().getErr())) : Optional.empty();
    FoldsPage page = FoldsPage.of(judgement, runs, photos);
    page.write(out);
    spec.commandLine()
        .getOut()
        .printf("%s: %s, %s%n", out, Count.of(page.folds(), "fold"), page.evaluation().score());
    return 0;
  }

  private void requireModelAndData() {
    List<ArgSpec> missing = new ArrayList<>();
    if (!data.isGiven()) {
      missing.add(spec.findOption("--data"));
    }
    if (model.model == null) {
      missing.add(spec.findOption("--model"));
    }
    if (!missing.isEmpty()) {
      throw new MissingParameterException(
          spec.commandLine(),
          missing,
          "Missing required options: "
              + missing.stream()
                  .map(o -> "'" + ((OptionSpec) o).longestName() + "=" + o.paramLabel() + "'")
                  .collect(Collectors.joining(", "))
              + "; or name a cross-validation with '--judgement=DIR|FILE'");
    }
  }

  private int model() throws IOException {
    requireModelAndData();
    PhotoSet photos = data.photos(spec.commandLine().getErr());
    model.decoder = data.decoder();
    Split split = data.split(photos, spec.commandLine().getErr());
    PhotoSet judges = split.validation();
    PhotoSet learners = split.train();
    EnsemblePredictor predictor = model.predictor();
    Ensemble ensemble = predictor.ensemble();
    ensemble.refuseSeenPeople(judges.people());
    Photos.warnOfRenamedPeople(ensemble, judges, spec.commandLine().getErr());
    List<PredictionTable> each =
        Photos.predictEach(predictor, model, judges, Photos.crops(predictor, judges, crops));
    Evaluation evaluation = Evaluation.of(ensemble.combine(each), judges);
    HtmlReport.Builder page =
        HtmlReport.builder("facemask: " + model.model.toAbsolutePath().normalize().getFileName())
            .optSubtitle(
                evaluation.photos()
                    + " validation photos of "
                    + evaluation.people()
                    + " people, "
                    + model.precision(ensemble).told()
                    + Count.leftOut(data.leftOut()));
    page.add(EvaluationSections.summary(evaluation));
    FittedNote.of(ensemble, judges)
        .ifPresent(note -> page.add(new Section.Text("Fitted on these people", List.of(note))));
    if (each.size() > 1) {
      page.addAll(ReportSections.members(ensemble, each, evaluation, judges));
    }
    page.add(EvaluationSections.attributes(evaluation));
    page.addAll(EvaluationSections.sets(ensemble.combine(each), judges));
    if (evaluation.confusion().total() > 0) {
      page.add(EvaluationSections.confusion(evaluation));
      page.add(EvaluationSections.classes(evaluation));
    }
    List<Section> curves = new ArrayList<>();
    List<JsonNode> records = new ArrayList<>();
    for (Member member : ensemble.members()) {
      Optional<RunFolder> run = run(member);
      if (run.isPresent()) {
        curves.addAll(RunSections.of(run.get()));
        records.add(RunJson.record(run.get()));
      }
    }
    page.addAll(curves);
    page.add(DataSections.classCounts("Training photos by class", learners));
    page.addAll(DataSections.unseen(learners, ensemble.attributes()));
    if (curves.isEmpty()) {
      // Without a run's record, show the balance of the selected sampler.
      SamplingBalance balance =
          SamplingBalance.of(sampling.sampler(learners, model.batch), learners, data.splitSeed, 0);
      page.add(DataSections.balance(balance));
      page.addAll(DataSections.balanceByPerson(balance));
    }
    page.add(EvaluationSections.calibration(evaluation));
    page.add(EvaluationSections.worst(evaluation, judges));
    page.add(HeatMaps.of(model.model, evaluation, judges));
    if (crops != null) {
      page.add(ReportSections.crops(Crops.read(crops)));
    }
    page.addAll(ReportSections.mixing(records, learners, data.splitSeed));
    page.add(DataSections.samples("Sample photos", photos, 1, data.splitSeed));
    page.add(EvaluationSections.origin(evaluation));
    page.add(
        ReportSections.trace(CommandWords.of(Tracer.in(List.of(runs), false).trace(model.model))));
    page.build().write(out);
    spec.commandLine().getOut().printf("%s: %s%n", out, evaluation.score());
    return 0;
  }

  /** Returns the run that trained a member, beside its model or among the runs. */
  private Optional<RunFolder> run(Member member) throws IOException {
    Path beside = member.model().path().toAbsolutePath().normalize().getParent();
    if (Files.isRegularFile(beside.resolve("run.json"))) {
      return Optional.of(RunFolder.open(beside));
    }
    Optional<Path> among = FoldsPage.among(runs, member.model().origin().runId().value());
    return among.isPresent() ? Optional.of(RunFolder.open(among.get())) : Optional.empty();
  }
}
