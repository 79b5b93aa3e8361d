package io.github.facemask.cli.interruption;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.internal.files.AtomicFile;
import java.io.PrintWriter;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.jline.utils.Signals;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Stops the process at once on Ctrl-C (SIGINT) and SIGTERM, and says how to go on. Files are whole
 * at any time, since a new one is moved into place when it is complete.
 *
 * <p>The process ends with {@code _exit} instead of {@link System#exit}. An ordinary exit unloads
 * libtorch while its threads compute, and crashes.
 */
public final class Interruption {

  private static final int FIRST_SIGNAL_CODE = 128;
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  /** The commands that go on with what is in work; the first is the one that the user called. */
  private static final Deque<String> GO_ON = new ConcurrentLinkedDeque<>();

  private Interruption() {}

  /**
   * Stops the process on both signals from now on.
   *
   * @param err receives the line about it
   */
  public static void register(PrintWriter err) {
    Signals.register("INT", () -> stop(err, SIGINT));
    Signals.register("TERM", () -> stop(err, SIGTERM));
  }

  /** Work that a command can go on with, until it is closed. */
  public interface Work extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Names the command that goes on with the work of the caller. If work of another command is in
   * progress, which calls this one, that other command is named.
   *
   * @param command the command, for instance {@code mask resume runs/a}
   * @return the work, closed when it is done
   */
  public static Work goOnWith(String command) {
    GO_ON.addLast(command);
    return () -> GO_ON.removeLastOccurrence(command);
  }

  /**
   * Does the work of a command which goes on when it is started again.
   *
   * @param spec the command, named while the work is done
   * @param work the work
   * @return its result
   * @throws Exception what the work throws
   */
  public static int whileStartedAgain(CommandSpec spec, Callable<Integer> work) throws Exception {
    List<String> words = spec.commandLine().getParseResult().originalArgs();
    String own = words.stream().map(CommandWords::quoted).collect(Collectors.joining(" "));
    Work named = goOnWith(spec.root().name() + " " + own);
    try {
      return work.call();
    } finally {
      named.close();
    }
  }

  private static void stop(PrintWriter err, int signal) {
    String command = GO_ON.peekFirst();
    err.printf("%nmask: stopped%s%n", command == null ? "" : "; go on with: " + command);
    err.flush();
    AtomicFile.discardUnfinished();
    endNow(FIRST_SIGNAL_CODE + signal);
  }

  /**
   * Ends the process without shutdown hooks and without unloading libraries.
   *
   * @param code the exit code
   */
  public static void endNow(int code) {
    try {
      Function.getFunction(Platform.C_LIBRARY_NAME, "_exit").invokeVoid(new Object[] {code});
    } catch (UnsatisfiedLinkError e) {
      // JNA has no library for this machine, or cannot write it to the temporary folder.
      Runtime.getRuntime().halt(code);
    }
  }
}
