package io.github.facemask.cli.options;

import io.github.facemask.hub.Hub;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Shows on the terminal where published files are found, and how a download goes. */
public final class HubConsole implements Hub.Listener {

  private final PrintWriter err;
  private final boolean debug;
  private Progress progress;

  private HubConsole(PrintWriter err, boolean debug) {
    this.err = err;
    this.debug = debug;
  }

  /** Returns the hub of this process, which tells a command's user what it does. */
  public static Hub hub(CommandSpec command) {
    OptionSpec debug = command.root().findOption("--debug");
    boolean tells = debug != null && Boolean.TRUE.equals(debug.getValue());
    return Hub.usual().withListener(new HubConsole(command.commandLine().getErr(), tells));
  }

  /** Returns the name of a kind of places. */
  public static String word(Hub.Kind kind) {
    return switch (kind) {
      case FOLDER -> "FACEMASK_WEIGHTS";
      case HUGGING_FACE -> "cache of Hugging Face";
      case TORCH_HUB -> "cache of torch.hub";
      case DOWNLOAD -> "download";
    };
  }

  /** Returns one line about a place. */
  public static String line(Hub.Place place) {
    String found =
        place.kind() == Hub.Kind.DOWNLOAD
            ? ""
            : place.found().map(file -> ": " + file.getFileName()).orElse(": not there");
    return word(place.kind()) + ", " + place.where() + found;
  }

  @Override
  public void onPlace(Hub.Place place) {
    if (debug) {
      err.println("mask: looked at " + line(place));
    }
  }

  @Override
  public void onDownload(URI address, long done, long size) {
    String from = done > 0 ? String.format(Locale.ROOT, ", from byte %,d on", done) : "";
    err.printf(Locale.ROOT, "mask: downloading %s (%s%s)%n", address, mebibytes(size), from);
    err.flush();
    progress = Progress.ofBytes("download", size);
  }

  private static String mebibytes(long size) {
    return size < 0
        ? "size unknown"
        : String.format(Locale.ROOT, "%.1f MiB", size / (double) (1 << 20));
  }

  @Override
  public void onBytes(long done, long size) {
    progress.to(done);
    if (done == size) {
      progress.close();
    }
  }
}
