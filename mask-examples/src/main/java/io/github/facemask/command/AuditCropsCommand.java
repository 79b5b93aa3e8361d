package io.github.facemask.command;

import io.github.facemask.cropaudit.AuditPage;
import io.github.facemask.cropaudit.CropAudit;
import io.github.facemask.dataset.PhotoSet;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows which crops a person should look at. */
@Command(
    name = "audit-crops",
    description = {
      "Looks for doubtful crops in a table of 'mask crop': unlike the person's others, several",
      "faces, small, cut off, low score, fallbacks. Writes a page, worst first, on which a person",
      "accepts or rejects; its verdicts go to 'mask crop --review'."
    })
final class AuditCropsCommand implements Callable<Integer> {

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
      description = "Most crops on the page (default: ${DEFAULT-VALUE}).")
  int most;

  @Override
  public Integer call() throws Exception {
    PhotoSet photos = data.photos(spec.commandLine().getErr());
    CropAudit audit = CropAudit.of(photos, Crops.read(crops, photos)).build();
    AuditPage.write(audit, out, most);
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d of %d crops to look at%n", out, audit.flagged().size(), audit.crops().size());
    return 0;
  }
}
