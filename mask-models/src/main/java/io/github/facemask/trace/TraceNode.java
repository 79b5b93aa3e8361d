package io.github.facemask.trace;

import io.github.facemask.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A traced artifact and the parts that it was made from. Immutable.
 *
 * @param title its kind and path
 * @param facts the known facts, in order
 * @param problems the problems: changed, exchanged or missing files
 * @param parts the parts that it was made from
 */
public record TraceNode(
    String title, Map<String, String> facts, List<Problem> problems, List<TraceNode> parts) {

  /** The name of the fact with the recorded command that made the artifact. */
  public static final String MADE_BY = "made by";

  /** Copies the lists. */
  public TraceNode {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    problems = List.copyOf(problems);
    parts = List.copyOf(parts);
  }

  /** Returns the problems of this artifact and of all its parts. */
  public List<Problem> allProblems() {
    List<Problem> all = new ArrayList<>(problems);
    parts.forEach(part -> all.addAll(part.allProblems()));
    return all;
  }

  /** Returns the tree as text, one line for each fact, indented by depth. */
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
