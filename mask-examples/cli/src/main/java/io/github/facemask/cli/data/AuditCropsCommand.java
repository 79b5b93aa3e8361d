package io.github.facemask.cli.data;

import io.github.facemask.cli.options.Crops;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.CropTable.AuditMark;
import io.github.facemask.lab.cropaudit.AuditPage;
import io.github.facemask.lab.cropaudit.CropAudit;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a page of crops for manual review. */
@Command(
    name = "audit-crops",
    header = "Shows doubtful crops, worst first, for review.",
    description = {
      "Finds doubtful crops in a table of 'mask crop': unlike the person's other crops, several",
      "faces, small, cut off, low score, fallbacks. Writes a page, worst first, to accept or",
      "reject crops; its verdicts are the input of 'mask crop --review'. Marks the table as",
      "audited, which 'mask train --crops' requires."
    },
    footer = {"", "Example: mask audit-crops --data photos --crops crops.jsonl --out crops.html"})
public final class AuditCropsCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;

  @Option(names = "--crops", required = true, paramLabel = "FILE", description = "The table.")
  Path crops;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The page.")
  Path out;

  @Option(
      names = "--most",
      defaultValue = "200",
      paramLabel = "N",
      description = "Largest number of crops on the page (default: ${DEFAULT-VALUE}).")
  int most;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    PhotoSet photos = data.photos(spec.commandLine().getErr());
    CropTable table = Crops.read(crops, photos);
    CropAudit audit = CropAudit.builder(photos, table).build();
    AuditPage.write(audit, out, most);
    int shown = Math.min(most, audit.crops().size());
    new AuditMark(table.digest().hex(), audit.crops().size(), audit.flagged().size(), shown)
        .write(crops);
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d of %d crops to look at, the %d worst are shown%n",
            out, audit.flagged().size(), audit.crops().size(), shown);
    return 0;
  }
}
