package io.github.facemask.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The mask command run in this process. */
record MaskRun(int code, String out, String err) {

  static MaskRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    CommandLine line = MaskCommand.commandLine(new PrintWriter(out), new PrintWriter(err));
    return new MaskRun(line.execute(words), out.toString(), err.toString());
  }
}
