package io.github.facemask.trace;

import io.github.facemask.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A thing and what it was made of. Immutable.
 *
 * @param title what it is, with its place
 * @param facts what is known of it, in order
 * @param problems what is wrong: changed, exchanged or missing
 * @param parts what it was made of
 */
public record TraceNode(
    String title, Map<String, String> facts, List<Problem> problems, List<TraceNode> parts) {

  /** The fact that tells the recorded words of the command that made it. */
  public static final String MADE_BY = "made by";

  /** Copies the lists. */
  public TraceNode {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    problems = List.copyOf(problems);
    parts = List.copyOf(parts);
  }

  /** Returns the problems of this and of all parts. */
  public List<Problem> allProblems() {
    List<Problem> all = new ArrayList<>(problems);
    parts.forEach(part -> all.addAll(part.allProblems()));
    return all;
  }

  /** Returns the tree as text, a line a fact, indented by depth. */
  public String text() {
    StringBuilder text = new StringBuilder();
    write(text, "");
    return text.toString();
  }

  private void write(StringBuilder text, String indent) {
    text.append(indent).append(title).append('\n');
    facts.forEach(
        (name, value) ->
            text.append(indent).append("  ").append(name).append(": ").append(value).append('\n'));
    problems.forEach(p -> text.append(indent).append("  ! ").append(p.message()).append('\n'));
    parts.forEach(part -> part.write(text, indent + "    "));
  }
}
